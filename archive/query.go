package archive

// Query asks for a page of videos, the newest registered first.
type Query struct {
	After string // the Next of the page before; empty: from the start
	Limit int    // at most this many; 0: 50; never over 500
}

// Page is one page of videos.
type Page struct {
	Videos []Video
	Next   string // for Query.After; empty on the last page
}
