package archive

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// EncodePlace is where a page of a list ended, as clients pass it on: encoded so that nobody builds on
// its parts. The place is made of texts, numbers and times between the years 0 and 9999.
func EncodePlace(place any) string {
	data, _ := json.Marshal(place) // all of which can be written
	return base64.RawURLEncoding.EncodeToString(data)
}

// DecodePlace reads what EncodePlace wrote into place. Whether what was read is a place, and in the form that
// EncodePlace gives it, is for the caller to see.
func DecodePlace(s string, place any) error {
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return fmt.Errorf("reading a place: %w", err)
	}
	if err := json.Unmarshal(data, place); err != nil {
		return fmt.Errorf("reading a place: %w", err)
	}
	return nil
}

// NoPageEndedThere is the *FieldError of an "after" that no page gave; the cause may be nil.
func NoPageEndedThere(cause error) error {
	return &FieldError{Field: "after", Problem: "no page ended there", Cure: `pass on the "next" of the page before, unaltered`, Cause: cause}
}
