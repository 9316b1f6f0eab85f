// Package report says what has become of a library's sources: which are lost, since when,
// on what evidence, and which articles that touches. Rows are read once; every view of them
// is a pure function, and every form (text, CSV, JSON, HTML, Atom) shows the same.
package report
