package archive

import "time"

// Outcome is what one answer says of a source.
type Outcome string

// Outcomes. The zero value is Unclear, the answer that changes nothing.
const (
	Unclear           Outcome = ""
	Playable          Outcome = "playable"
	EmbeddingDisabled Outcome = "embedding-disabled"
	Restricted        Outcome = "restricted"
	Private           Outcome = "private"
	Removed           Outcome = "removed"
	Missing           Outcome = "missing" // not there, no reason given
)

// Good reports whether readers can play the source where it is embedded.
func (o Outcome) Good() bool { return o == Playable }

// Limited reports whether the source exists but not for everyone or not in embeds.
func (o Outcome) Limited() bool { return o == EmbeddingDisabled || o == Restricted }

// Bad reports whether the source is said to be gone.
func (o Outcome) Bad() bool { return o == Private || o == Removed || o == Missing }

// Clear reports whether the outcome says anything of the source.
func (o Outcome) Clear() bool { return o.Good() || o.Limited() || o.Bad() }

// MarshalText writes the word used in the journal; Unclear is "unclear".
func (o Outcome) MarshalText() ([]byte, error) {
	if o == Unclear {
		return []byte("unclear"), nil
	}
	return []byte(o), nil
}

// UnmarshalText reads the word. One that this program does not know is Unclear:
// a later version's word must not kill a source.
func (o *Outcome) UnmarshalText(text []byte) error {
	got := Outcome(text)
	if !got.Clear() {
		got = Unclear
	}
	*o = got
	return nil
}

// Aspect is a restriction that a method may or may not be able to see.
type Aspect string

// Aspects.
const (
	AspectEmbedding  Aspect = "embedding"
	AspectRegion     Aspect = "region"
	AspectAge        Aspect = "age"
	AspectMembers    Aspect = "members"
	AspectScheduled  Aspect = "scheduled"
	AspectProcessing Aspect = "processing"
)

// Restriction says in what way a source is limited.
type Restriction struct {
	Aspect  Aspect    `json:"aspect"`
	Allowed []string  `json:"allowed,omitempty"` // ISO 3166-1 regions
	Blocked []string  `json:"blocked,omitempty"`
	Nowhere bool      `json:"nowhere,omitempty"` // blocked in every region
	From    time.Time `json:"from,omitzero"`     // when a scheduled one begins
}

// Observation is one answer of one method about one source at one time.
type Observation struct {
	Source       SourceKey     `json:"source"`
	Method       string        `json:"method"`        // "youtube.videos.list"; two names are two independent methods
	Host         string        `json:"host"`          // that answered
	At           time.Time     `json:"at"`            // UTC, own clock
	Date         time.Time     `json:"date,omitzero"` // UTC, by the clock of the host; zero: it told none
	Outcome      Outcome       `json:"outcome"`
	Reason       string        `json:"reason,omitempty"` // the platform's word or what went wrong; never a key or a token
	Restrictions []Restriction `json:"restrictions,omitempty"`
	Sees         []Aspect      `json:"sees,omitempty"`     // restrictions that this method would have seen
	Supports     bool          `json:"supports,omitempty"` // may only support another method's bad answer
	Answers      bool          `json:"answers,omitempty"`  // the method gave its positive answer, so it works on this host
	Status       int           `json:"status,omitempty"`   // HTTP
	Digest       string        `json:"digest,omitempty"`   // hexadecimal SHA-256 of the body
	Latency      time.Duration `json:"latency,omitempty"`  // nanoseconds
	Vantage      string        `json:"vantage,omitempty"`
	Program      string        `json:"program,omitempty"`
	Control      bool          `json:"control,omitempty"` // it vouches, and is of no round: about the platform's known-good id, or what played a moment before

	Shows string `json:"shows,omitempty"` // label of the picture of the source that was asked for; empty: none was
	Kept  *File  `json:"kept,omitempty"`  // the body as it came, among the video's files; nil: it moved no state and is in no capture

	// What goes with the answer and not into the journal: the body is kept as a file where it
	// changes a state, the fields where they differ from those captured last.
	Body   *Raw    `json:"-"` // shared by all observations that one answer gave; nil: none, or too large
	Fields *Fields `json:"-"` // what the answer says of the source; nil: nothing
}

// maxSkew is how far two clocks may be apart before evidence that names both is in doubt.
const maxSkew = time.Minute

// Skewed reports whether our clock and the answer's Date are more than 60 s apart.
func (o Observation) Skewed() bool {
	return !o.Date.IsZero() && o.At.Sub(o.Date).Abs() > maxSkew
}
