package web

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"videoteca/archive"
)

func itemsOf(n int) (list []listPlace) {
	for i := range n {
		list = append(list, listPlace{time.Date(2026, 3, 1+i/3, 0, 0, 0, 0, time.UTC), fmt.Sprint(i % 3)})
	}
	return list
}

func itself(p listPlace) listPlace { return p }

func TestPagesOfAListHaveEachItemOnceAlsoWhileItGrows(t *testing.T) {
	for _, newestFirst := range []bool{true, false} {
		all := itemsOf(10)
		want := slices.Clone(all)
		if newestFirst {
			slices.Reverse(want)
		}
		var got []listPlace
		asked := APIPlace{Limit: 3}
		for pages := 0; ; pages++ {
			page, next, err := pageOf(slices.Clone(all), asked, newestFirst, itself)
			if err != nil || pages > 4 {
				t.Fatalf("page %d: %v", pages, err)
			}
			got = append(got, page...)
			if next == "" {
				break
			}
			asked.After = next
			if newestFirst && pages == 1 { // one more comes at the head, where this reader has been
				all = append(all, listPlace{time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), "new"})
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("newest first %v: %v", newestFirst, got)
		}
	}
}

func TestAnEmptyListIsOnePage(t *testing.T) {
	page, next, err := pageOf(nil, APIPlace{}, true, itself)
	if len(page) != 0 || next != "" || err != nil {
		t.Errorf("%v, %q, %v", page, next, err)
	}
}

func FuzzPlaceInAList(f *testing.F) {
	f.Add(itemsOf(1)[0].String())
	f.Add("")
	f.Add("bm90IGpzb24")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parseListPlace(s)
		var field *archive.FieldError
		switch {
		case err == nil && p.String() != s:
			t.Errorf("%q was read as %v", s, p)
		case err != nil && (!errors.As(err, &field) || field.Field != "after"):
			t.Errorf("got %v", err)
		}
	})
}
