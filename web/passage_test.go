package web

import "testing"

func TestATextIsPartedWhereItDiffersFromAnother(t *testing.T) {
	for _, tt := range []struct {
		text, other string
		want        passage
	}{
		{"A long title here", "A short title here", passage{"A ", "long ", "title here"}},
		{"same", "same", passage{Start: "same"}},
		{"one two", "", passage{Middle: "one two"}},
		{"", "one two", passage{}},
		{"a a", "a", passage{Middle: "a ", End: "a"}},
		{"end", "the end", passage{End: "end"}},
	} {
		if got := beside(tt.text, tt.other); got != tt.want {
			t.Errorf("%q beside %q: %+v, want %+v", tt.text, tt.other, got, tt.want)
		}
	}
}

func FuzzBeside(f *testing.F) {
	f.Add("A long title", "A short title")
	f.Add("", " ")
	f.Fuzz(func(t *testing.T, text, other string) {
		if p := beside(text, other); p.Start+p.Middle+p.End != text {
			t.Errorf("%q is shown as %+v", text, p)
		}
	})
}
