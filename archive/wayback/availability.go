package wayback

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"
)

// available is the answer of the availability interface. All is optional: an empty
// archived_snapshots is what it says both for "none" and for "not now".
type available struct {
	Snapshots struct {
		Closest *struct {
			Available bool   `json:"available"`
			URL       string `json:"url"` // http://web.archive.org/web/20190926101112/https://…
			Timestamp string `json:"timestamp"`
			Status    string `json:"status"`
		} `json:"closest"`
	} `json:"archived_snapshots"`
}

// mementoForm has the original address in a memento's.
var mementoForm = regexp.MustCompile(`^https?://[^/]+/web/\d{14}[a-z_]*/(.+)$`)

// closestOf reads when the page was kept, by an answer of the availability interface; false
// where the answer names no good memento of this very page.
func closestOf(body []byte, page string) (at time.Time, found bool, err error) {
	var answer available
	if err := json.Unmarshal(body, &answer); err != nil {
		return time.Time{}, false, fmt.Errorf("%w: no JSON of availability", ErrUnclear)
	}
	closest := answer.Snapshots.Closest
	if closest == nil || !closest.Available || !isGood(closest.Status) {
		return time.Time{}, false, nil
	}
	original := mementoForm.FindStringSubmatch(closest.URL)
	if original == nil || !samePage(page, original[1]) {
		return time.Time{}, false, nil
	}
	at, found = stampOf(closest.Timestamp)
	return at, found, nil
}
