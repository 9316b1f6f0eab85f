package archive

import "time"

// SettingChange is one change of a setting of the installation: who, what, when, before and after.
// It is never altered.
type SettingChange struct {
	ID      string         `json:"id"` // also the id of the write that it explains
	Setting string         `json:"setting"`
	At      time.Time      `json:"at"`
	Actor   string         `json:"actor"`
	Before  map[string]any `json:"before,omitempty"` // fields that changed, as they were; an absent one was the standard
	After   map[string]any `json:"after,omitempty"`  // and as they became
}
