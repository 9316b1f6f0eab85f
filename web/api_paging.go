package web

import (
	"cmp"
	"slices"
	"time"

	"videoteca/archive"
)

// listPlace is where an item stands in a list that is read whole: by its time, and by its name among
// those of the same time. No two items of a list have the same.
type listPlace struct {
	At   time.Time `json:"t"`
	Name string    `json:"n"`
}

func (p listPlace) compare(other listPlace) int {
	return cmp.Or(p.At.Compare(other.At), cmp.Compare(p.Name, other.Name))
}

// String is the place as clients pass it on.
func (p listPlace) String() string { return archive.EncodePlace(listPlace{p.At.UTC(), p.Name}) }

func parseListPlace(s string) (listPlace, error) {
	var p listPlace
	err := archive.DecodePlace(s, &p)
	if err != nil || p.String() != s { // one place has one form
		return listPlace{}, archive.NoPageEndedThere(err)
	}
	return p, nil
}

// pageOf puts items in the order of their places, turned round where the newest come first, and returns
// the page that was asked for and the place that the next one begins after, empty on the last.
func pageOf[T any](items []T, asked APIPlace, newestFirst bool, of func(T) listPlace) (page []T, next string, err error) {
	order := listPlace.compare
	if newestFirst {
		order = func(a, b listPlace) int { return b.compare(a) }
	}
	type placed struct {
		listPlace
		item T
	}
	list := make([]placed, 0, len(items)) // a place is worked out once
	for _, item := range items {
		list = append(list, placed{of(item), item})
	}
	if asked.After != "" {
		after, err := parseListPlace(asked.After)
		if err != nil {
			return nil, "", err
		}
		list = slices.DeleteFunc(list, func(p placed) bool { return order(p.listPlace, after) <= 0 })
	}
	slices.SortStableFunc(list, func(a, b placed) int { return order(a.listPlace, b.listPlace) })
	shown := list[:min(len(list), asked.length())]
	page = make([]T, 0, len(shown))
	for _, p := range shown {
		page = append(page, p.item)
	}
	if len(list) > len(shown) {
		next = shown[len(shown)-1].String()
	}
	return page, next, nil
}
