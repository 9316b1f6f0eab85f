package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// spoken is one thing of a page as assistive software gets it.
type spoken struct{ role, name string }

// tree is the accessibility tree of the page, in order.
func (b *browser) tree() (list []spoken, levels []int) {
	b.Helper()
	if _, err := chromedp.Call(b.ctx, accessibility.Enable, cdp.Empty{}); err != nil {
		b.Fatal(err)
	}
	got, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range got.Nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		one := spoken{role: plain(b, n.Role), name: plain(b, n.Name)}
		list = append(list, one)
		if one.role != "heading" {
			continue
		}
		for _, p := range n.Properties {
			if p.Name == "level" {
				var level int
				if err := json.Unmarshal(p.Value.Value, &level); err != nil {
					b.Fatal(err)
				}
				levels = append(levels, level)
			}
		}
	}
	return list, levels
}

func plain(b *browser, v *accessibility.Value) string {
	b.Helper()
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var text string
	if err := json.Unmarshal(v.Value, &text); err != nil {
		b.Fatalf("%s: %v", v.Value, err)
	}
	return strings.TrimSpace(text)
}

// operable are the roles of what people act on.
const operable = "button link textbox searchbox checkbox radio combobox slider spinbutton menuitem tab switch Date DateTime"

func TestScreenReadersGetANameForEverythingAndHeadingsInOrder(t *testing.T) {
	_, service, v := library(t)
	b := signedIn(t, service)
	for _, page := range []struct {
		path  string
		wants map[string][]spoken // by language: some that must be there
	}{
		{"/videos?view=posters", map[string][]spoken{
			"es": {{"searchbox", "Buscar: palabras, un identificador, una dirección"}, {"button", "Teclado"}, {"checkbox", "Rueda de prensa"}, {"link", "Rueda de prensa"}, {"button", "Exportar como CSV"}, {"checkbox", "Todos los de esta página"}},
			"en": {{"searchbox", "Search: words, an id, an address"}, {"button", "Keyboard"}, {"checkbox", "Rueda de prensa"}, {"link", "Rueda de prensa"}, {"button", "Export as CSV"}, {"checkbox", "All on this page"}},
		}},
		{"/videos?view=table", map[string][]spoken{"es": {{"columnheader", "Estado"}, {"checkbox", "Rueda de prensa"}}, "en": {{"columnheader", "State"}, {"checkbox", "Rueda de prensa"}}}},
		{"/videos/" + v.ID, map[string][]spoken{
			"es": {{"textbox", "Título en español"}, {"textbox", "Leyenda en inglés"}, {"link", "Textos"}, {"button", "Comprobar ahora"}, {"textbox", "Etiquetas separadas por comas"}},
			"en": {{"textbox", "Title in Spanish"}, {"textbox", "Caption in English"}, {"link", "Words"}, {"button", "Check now"}, {"textbox", "Tags with commas between them"}},
		}},
		{"/videos/" + v.ID + "/takedown", map[string][]spoken{"es": {{"button", "Retirar"}}, "en": {{"button", "Withdraw"}}}},
		{"/videos/" + v.ID + "/evidence", nil},
		{"/home", nil},
		{"/audit", nil},
	} {
		for _, lang := range []string{"es", "en"} {
			sign := "?"
			if strings.Contains(page.path, "?") {
				sign = "&"
			}
			b.do("opening "+page.path, chromedp.Navigate(service.URL+page.path+sign+"lang="+lang), chromedp.WaitVisible(chromedp.CSS("[data-keys-open]")))
			list, levels := b.tree()
			for _, one := range list {
				if one.name == "" && slices.Contains(strings.Fields(operable), one.role) {
					t.Errorf("%s in %s: a %s has no name", page.path, lang, one.role)
				}
			}
			if len(levels) == 0 || levels[0] != 1 {
				t.Errorf("%s: the headings are %v", page.path, levels)
			}
			for i := 1; i < len(levels); i++ {
				if levels[i] > levels[i-1]+1 || levels[i] == 1 {
					t.Errorf("%s: the headings skip a level: %v", page.path, levels)
				}
			}
			for _, want := range page.wants[lang] {
				if !slices.Contains(list, want) {
					t.Errorf("%s in %s has no %s %q", page.path, lang, want.role, want.name)
				}
			}
		}
	}
}
