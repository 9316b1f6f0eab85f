package dossier

import "videoteca/archive"

// manifestVersion is the version of the manifest that this program writes.
const manifestVersion = 1

// Manifest is manifest.json: what the dossier is, what is in it, and where was looked.
type Manifest struct {
	Version  int             `json:"version"`
	Video    archive.VideoID `json:"video"`
	Revision int64           `json:"revision"` // of the record
	Made     string          `json:"made"`     // ISO 8601, UTC
	Program  string          `json:"program,omitempty"`
	Vantage  string          `json:"vantage,omitempty"`
	Actor    string          `json:"actor,omitempty"`
	BaseURL  string          `json:"baseURL,omitempty"`

	Installation string `json:"installation,omitempty"` // the id in the store's marker

	Chain           Chain    `json:"chain"`
	Captures        int      `json:"captures"`
	DamagedCaptures []string `json:"damagedCaptures"`
	Observations    int      `json:"observations"`
	Skewed          int      `json:"skewed"` // observations whose two clocks are more than 60 s apart
	Searched        Searched `json:"searched"`
	Files           []Kept   `json:"files"`   // that the record and the captures point at
	Entries         []Entry  `json:"entries"` // of the dossier, but this file and SHA256SUMS
}
