package web

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"videoteca/archive"
)

// listPlace is where an item stands in a list that is read whole: by its time, and by its name among
// those of the same time. No two items of a list have the same.
type listPlace struct {
	At   time.Time `json:"t"`
	Name string    `json:"n"`
}

func (p listPlace) compare(other listPlace) int {
	return cmp.Or(p.At.Compare(other.At), cmp.Compare(p.Name, other.Name))
}

// String is the place as clients pass it on, encoded so that nobody builds on its parts.
func (p listPlace) String() string {
	data, _ := json.Marshal(listPlace{p.At.UTC(), p.Name}) // a text and a time of this era can be written
	return base64.RawURLEncoding.EncodeToString(data)
}

func parseListPlace(s string) (listPlace, error) {
	data, err := base64.RawURLEncoding.DecodeString(s)
	var p listPlace
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil || p.String() != s { // one place has one form
		return listPlace{}, &archive.FieldError{Field: "after", Problem: "no page ended there", Cure: "pass on the \"next\" of the page before, unaltered", Cause: err}
	}
	return p, nil
}

// pageOf puts items in the order of their places, turned round where the newest come first, and returns
// the page that was asked for and the place that the next one begins after, empty on the last.
func pageOf[T any](items []T, asked APIPlace, newestFirst bool, of func(T) listPlace) (page []T, next string, err error) {
	order := func(a, b listPlace) int { return a.compare(b) }
	if newestFirst {
		order = func(a, b listPlace) int { return b.compare(a) }
	}
	slices.SortStableFunc(items, func(a, b T) int { return order(of(a), of(b)) })
	if asked.After != "" {
		after, err := parseListPlace(asked.After)
		if err != nil {
			return nil, "", err
		}
		items = slices.DeleteFunc(items, func(item T) bool { return order(of(item), after) <= 0 })
	}
	page = items[:min(len(items), asked.length())]
	if len(items) > len(page) {
		next = of(page[len(page)-1]).String()
	}
	return page, next, nil
}
