package web

import "strings"

// navItem is a link of the newsroom's navigation.
type navItem struct {
	Path, Name string
	Here       string // the link's aria-current: "page" on that very page, "true" on one below it, else nothing
}

// Nav is the navigation for who looks at the page.
func (l layout) Nav() (items []navItem) {
	for _, item := range []struct {
		path, name string
		shown      bool
	}{
		{"/home", "nav.home", true},
		{"/videos", "nav.videos", true},
		{"/new", "nav.new", l.May("edit")},
		{"/audit", "nav.audit", true},
		{"/settings", "nav.settings", l.Settings && l.May("settings")},
		{"/people", "nav.people", l.Accounts && l.May("people")},
		{"/account", "nav.account", l.Accounts},
	} {
		if item.shown {
			items = append(items, navItem{item.path, l.T(item.name), l.here(item.path)})
		}
	}
	return items
}

func (l layout) here(path string) string {
	switch {
	case l.Path == path:
		return "page"
	case strings.HasPrefix(l.Path, path+"/"):
		return "true"
	default:
		return ""
	}
}
