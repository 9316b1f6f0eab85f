package verify

// Severity is how bad a finding is.
type Severity string

// Severities.
const (
	Fault Severity = "fault" // something is lost, changed or contradicts itself
	Note  Severity = "note"  // allowed by the format, or not for this program to judge
)

// Kind is what a finding is about.
type Kind string

// Kinds of faults.
const (
	Content      Kind = "content"       // a file's bytes have another digest than its name
	Size         Kind = "size"          // a file has its digest, and another size than was recorded
	Unreadable   Kind = "unreadable"    // the store answers, and cannot give this object
	Undecodable  Kind = "undecodable"   // no JSON, no gzip, or cut short
	Schema       Kind = "schema"        // a document is not as its published schema says
	Misplaced    Kind = "misplaced"     // a document says that it belongs under another key
	Missing      Kind = "missing"       // another object names it, and it is not there
	BrokenChain  Kind = "broken-chain"  // an event follows one that is not there or was altered
	StaleRecord  Kind = "stale-record"  // events tell of later revisions than the record has
	ForeignClaim Kind = "foreign-claim" // a source of the record is claimed by another video
	Dangling     Kind = "dangling"      // an article places a video that has no record
)

// Kinds of notes.
const (
	Orphan          Kind = "orphan"           // nothing names it
	Unapplied       Kind = "unapplied-event"  // its change lost a race, or never came
	Unexplained     Kind = "no-event"         // a revision without event: edited by hand, or the event is lost
	NewerVersion    Kind = "newer-version"    // a later version of the program wrote it
	UnfinishedAudit Kind = "unfinished-audit" // under way, or broken off
	Stray           Kind = "stray"            // a key that the format does not know
	OtherIsNewer    Kind = "other-is-newer"   // the second store has a later revision of a record
)

// Finding is one thing that was found.
type Finding struct {
	Severity   Severity `json:"severity"`
	Kind       Kind     `json:"kind"`
	Key        string   `json:"key"`                  // of the object that it is about
	Detail     string   `json:"detail"`               // for people
	Repaired   bool     `json:"repaired,omitempty"`   // put back from the second store
	Repairable bool     `json:"repairable,omitempty"` // would have been, but for Options.DryRun
}
