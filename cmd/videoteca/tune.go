package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"videoteca/archive/audit"
	"videoteca/internal/settings"
)

type tuneCommand struct {
	Set []string `arg:"" optional:"" placeholder:"NAME=VALUE" help:"What to change: countedApart, aloneOver, unheardAfter, guardWindow, live, suspect, gone (5h, 7d), roundsAgreed, roundsAlone, guardLeast (numbers), guardShare (0.2). NAME= takes a change back. Without any the settings are shown."`
}

// Run shows or changes how carefully and how often audits ask.
func (tc tuneCommand) Run(ctx context.Context, s *Settings, c console) error {
	values, err := pairs(tc.Set)
	if err != nil {
		return err
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	book := settings.New(n.store)
	var chosen settings.Chosen
	if len(values) > 0 {
		chosen, err = book.Change(ctx, settings.Change{Setting: settings.Audit, Values: values, Actor: localActor})
	} else {
		chosen, err = book.Read(ctx, settings.Audit)
	}
	if err != nil {
		return err
	}
	if !s.JSON {
		return printTuning(c, chosen)
	}
	var kept audit.Tuning
	if len(chosen.Values) > 0 {
		if _, err := n.store.Setting(ctx, settings.Audit, &kept); err != nil {
			return err
		}
	}
	return writeJSON(c.out, kept)
}

// localActor is who acts on the machine's own command line.
const localActor = "local"

// pairs reads NAME=VALUE words.
func pairs(words []string) (map[string]string, error) {
	values := map[string]string{}
	for _, word := range words {
		name, value, found := strings.Cut(word, "=")
		if !found {
			return nil, fmt.Errorf("%w: %q: write NAME=VALUE, as live=12h", errUsage, word)
		}
		values[name] = value
	}
	return values, nil
}

// printTuning lists every field, with the standard where none was chosen.
func printTuning(c console, chosen settings.Chosen) error {
	rows := [][]string{{"SETTING", "VALUE", "STANDARD", "MEANING"}}
	for _, g := range settings.Groups() {
		if g.Name != chosen.Name {
			continue
		}
		for _, f := range g.Fields {
			rows = append(rows, []string{f.Name, cmp.Or(chosen.Values[f.Name], "-"), f.Standard, f.Meaning})
		}
	}
	return table(c.out, rows)
}
