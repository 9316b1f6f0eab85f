package archivetest

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// WebArchiveOptions configure a WebArchive. The zero value works.
type WebArchiveOptions struct {
	AccessKey, SecretKey string           // that captures are made for; empty: nobody's
	Capturing            time.Duration    // how long a capture takes; 0: 90 s
	Indexing             time.Duration    // how long until a capture is in the index; 0: 1 h
	Now                  func() time.Time // nil: time.Now
}

const (
	defaultCapturing = 90 * time.Second
	defaultIndexing  = time.Hour
	jobLife          = time.Hour // as at the Internet Archive
	sevenAMinute     = 7         // orders of captures, as there
)

// WebArchive is a make-believe web archive that behaves, over HTTP, the way the Internet
// Archive does:
//
//	/wayback/available           one memento; an empty answer for none, and when it cannot say
//	/web/timemap/json/{page}     all mementos; [] for none
//	/save                        orders of captures, with keys, 7 a minute; troubles with status 200
//	/save/status/{job}           what has become of one, for an hour
//	/web/{time}/{page}           a page for people
//
// Its index folds upper and lower case, as the original's does. It is safe for concurrent use.
type WebArchive struct {
	o WebArchiveOptions

	mu       sync.Mutex
	kept     map[string][]keptPage // by index key, the oldest first
	jobs     map[string]captureJob
	orders   []time.Time
	refusals map[string]string
	moved    map[string]string
	fault    WebArchiveFault
	asked    []string
}

// keptPage is one row of the index.
type keptPage struct {
	page   string
	at     time.Time
	status int
	listed time.Time // from when on the index has it
}

// captureJob is an order that was accepted.
type captureJob struct {
	page string
	at   time.Time
	code string // of its failure; empty: it succeeds
}

// NewWebArchive makes an archive that has nothing.
func NewWebArchive(o WebArchiveOptions) *WebArchive {
	if o.Capturing <= 0 {
		o.Capturing = defaultCapturing
	}
	if o.Indexing <= 0 {
		o.Indexing = defaultIndexing
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &WebArchive{
		o: o, kept: map[string][]keptPage{}, jobs: map[string]captureJob{},
		refusals: map[string]string{}, moved: map[string]string{}, fault: WebArchiveWell,
	}
}

// Keep puts a memento of a page into the index.
func (a *WebArchive) Keep(page string, at time.Time, status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keep(keptPage{page, at.UTC(), status, at})
}

// keep is Keep under the lock.
func (a *WebArchive) keep(p keptPage) {
	rows := append(a.kept[indexKey(p.page)], p)
	slices.SortStableFunc(rows, func(a, b keptPage) int { return a.at.Compare(b.at) })
	a.kept[indexKey(p.page)] = rows
}

// indexKey is under what the index has a page: without scheme and "www.", in lower case.
func indexKey(page string) string {
	_, rest, found := strings.Cut(page, "://")
	if !found {
		rest = page
	}
	return strings.TrimPrefix(strings.ToLower(rest), "www.")
}

// Refuse has orders for a page fail at once with a code such as "error:blocked-url"; an
// empty code makes them succeed again.
func (a *WebArchive) Refuse(page, code string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refusals[page] = code
}

// FailJobs has the captures of a page that are under way end with a code.
func (a *WebArchive) FailJobs(page, code string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, job := range a.jobs {
		if job.page == page {
			job.code = code
			a.jobs[id] = job
		}
	}
}

// Move has a page redirect to another.
func (a *WebArchive) Move(page, to string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.moved[page] = to
}

// Asked is the last 1,000 requests, the oldest first, as "timemap https://…": the service
// and the page or the job that it was about.
func (a *WebArchive) Asked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.asked)
}

// note keeps a request, and tells what is wrong with the archive.
func (a *WebArchive) note(s service, about string) WebArchiveFault {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.asked) == journalLength {
		a.asked = slices.Delete(a.asked, 0, 1)
	}
	a.asked = append(a.asked, string(s)+" "+about)
	return a.fault
}

// listed is what the index has of a page.
func (a *WebArchive) listed(page string) []keptPage {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.o.Now()
	return slices.DeleteFunc(slices.Clone(a.kept[indexKey(page)]), func(p keptPage) bool { return now.Before(p.listed) })
}
