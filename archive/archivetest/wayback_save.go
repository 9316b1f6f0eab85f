package archivetest

import (
	"crypto/sha1" // as the original's job ids are; nothing is secured by it
	"encoding/hex"
	"net/http"
	"slices"
	"time"
)

// captureAnswer is an answer of Save Page Now 2. Which fields it has depends.
type captureAnswer struct {
	URL       string `json:"url,omitempty"`
	Job       string `json:"job_id,omitempty"`
	Status    string `json:"status,omitempty"`
	StatusExt string `json:"status_ext,omitempty"`
	Message   string `json:"message,omitempty"`
	Timestamp string `json:"timestamp,omitempty"`
	Original  string `json:"original_url,omitempty"`
}

// save accepts an order. The same page within the life of a job is the same job.
func (a *WebArchive) save(w http.ResponseWriter, r *http.Request, page string) {
	if !a.signed(w, r) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.o.Now().UTC()
	a.orders = slices.DeleteFunc(a.orders, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(a.orders) >= sevenAMinute {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "Too Many Requests", http.StatusTooManyRequests)
		return
	}
	a.orders = append(a.orders, now)
	if code := a.refusals[page]; code != "" {
		writeJSON(w, http.StatusOK, captureAnswer{Status: "error", StatusExt: code, Message: "Refused for " + page})
		return
	}
	sum := sha1.Sum([]byte(indexKey(page)))
	id := "spn2-" + hex.EncodeToString(sum[:])
	answer := captureAnswer{URL: page, Job: id}
	if job, known := a.jobs[id]; known && now.Sub(job.at) < jobLife && job.code == "" {
		answer.Message = "The same snapshot had been made a moment ago. You can make a new capture of this URL after 1 hour."
	} else {
		a.order(id, page, now)
	}
	writeJSON(w, http.StatusOK, answer)
}

// order begins a capture. It is in the index only some time after it was made.
func (a *WebArchive) order(id, page string, now time.Time) {
	a.jobs[id] = captureJob{page: page, at: now}
	a.keep(keptPage{a.shown(page), now, http.StatusOK, now.Add(a.o.Capturing + a.o.Indexing)})
}

// shown is the page that a capture of page ends at.
func (a *WebArchive) shown(page string) string {
	if to := a.moved[page]; to != "" {
		return to
	}
	return page
}

// jobStatus tells what has become of a job.
func (a *WebArchive) jobStatus(w http.ResponseWriter, r *http.Request, id string) {
	if !a.signed(w, r) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	job, known := a.jobs[id]
	age := a.o.Now().Sub(job.at)
	switch {
	case !known, age >= jobLife:
		http.Error(w, "Not Found", http.StatusNotFound)
	case job.code != "":
		writeJSON(w, http.StatusOK, captureAnswer{Job: id, Status: "error", StatusExt: job.code, Message: "Failed for " + job.page})
	case age < a.o.Capturing:
		writeJSON(w, http.StatusOK, captureAnswer{Job: id, Status: "pending"})
	default:
		writeJSON(w, http.StatusOK, captureAnswer{Job: id, Status: "success", Timestamp: job.at.Format(mementoStamp), Original: a.shown(job.page)})
	}
}

// signed answers requests without the right keys, and reports the others.
func (a *WebArchive) signed(w http.ResponseWriter, r *http.Request) bool {
	if a.o.AccessKey != "" && r.Header.Get("Authorization") == "LOW "+a.o.AccessKey+":"+a.o.SecretKey {
		return true
	}
	writeJSON(w, http.StatusUnauthorized, captureAnswer{Message: "You need to be logged in to use Save Page Now."})
	return false
}
