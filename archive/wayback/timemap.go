package wayback

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// columns is where a TimeMap's rows have what is read of them.
type columns struct{ timestamp, original, status int }

// nearestOf reads a TimeMap row by row and returns when the page was kept nearest to near;
// zero where no row is good. An error says that the list did not come to its end; what was
// found up to there is returned with it.
//
// The list is an array of arrays of strings, of which the first names the columns; an
// empty array says that there are no mementos.
func nearestOf(r io.Reader, page string, near time.Time) (time.Time, error) {
	var best time.Time
	rows := json.NewDecoder(r)
	if err := expect(rows, '['); err != nil {
		return best, err
	}
	if !rows.More() {
		return best, expect(rows, ']')
	}
	names, err := row(rows)
	if err != nil {
		return best, err
	}
	at, err := columnsOf(names)
	if err != nil {
		return best, err
	}
	for rows.More() {
		values, err := row(rows)
		if err != nil {
			return best, err
		}
		if kept, ok := at.good(values, page); ok && nearer(kept, best, near) {
			best = kept
		}
	}
	return best, expect(rows, ']')
}

func expect(rows *json.Decoder, want json.Delim) error {
	token, err := rows.Token()
	if err != nil {
		return broken(err)
	}
	if token != want {
		return unclear("no TimeMap")
	}
	return nil
}

// row reads one array. Null is an empty string.
func row(rows *json.Decoder) ([]string, error) {
	var values []string
	if err := rows.Decode(&values); err != nil {
		return nil, broken(err)
	}
	return values, nil
}

// broken says what cut the list short: the way, or what it consists of.
func broken(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return unclear("a broken TimeMap")
	}
	return fmt.Errorf("reading the TimeMap: %w", err)
}

func columnsOf(names []string) (columns, error) {
	at := columns{slices.Index(names, "timestamp"), slices.Index(names, "original"), slices.Index(names, "statuscode")}
	if at.timestamp < 0 || at.original < 0 || at.status < 0 {
		return at, unclear("a TimeMap without the columns timestamp, original and statuscode")
	}
	return at, nil
}

// good reads when a row's page was kept; false where that is another page or went wrong.
func (at columns) good(values []string, page string) (time.Time, bool) {
	if len(values) <= max(at.timestamp, at.original, at.status) {
		return time.Time{}, false
	}
	if !isGood(values[at.status]) || !samePage(page, values[at.original]) {
		return time.Time{}, false
	}
	return stampOf(values[at.timestamp])
}
