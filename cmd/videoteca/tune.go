package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"videoteca/archive"
	"videoteca/archive/audit"
)

type tuneCommand struct {
	Set []string `arg:"" optional:"" placeholder:"NAME=VALUE" help:"What to change: countedApart, aloneOver, unheardAfter, guardWindow, live, suspect, gone (5h, 7d), roundsAgreed, roundsAlone, guardLeast (numbers), guardShare (0.2). NAME= takes a change back. Without any the settings are shown."`
}

// Run shows or changes how carefully and how often audits ask.
func (tc tuneCommand) Run(ctx context.Context, s *Settings, c console) error {
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	var kept audit.Tuning
	etag, err := n.store.Setting(ctx, audit.SettingName, &kept)
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		return err
	}
	if len(tc.Set) > 0 {
		if kept, err = changedTuning(kept, tc.Set); err != nil {
			return err
		}
		if err := n.store.EnsureReady(ctx); err != nil {
			return err
		}
		if _, err := n.store.SaveSetting(ctx, audit.SettingName, etag, kept); err != nil {
			return err
		}
	}
	if s.JSON {
		return writeJSON(c.out, kept)
	}
	return printTuning(c, kept)
}

// changedTuning applies NAME=VALUE to the settings, if what comes of it can be used.
func changedTuning(kept audit.Tuning, set []string) (audit.Tuning, error) {
	fields, err := tuningFields(kept)
	if err != nil {
		return kept, err
	}
	for _, word := range set {
		name, value, found := strings.Cut(word, "=")
		if !found {
			return kept, fmt.Errorf("%w: %q: write NAME=VALUE, as live=12h", errUsage, word)
		}
		delete(fields, name)
		if value != "" {
			fields[name] = valueOf(name, value)
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return kept, err
	}
	var next audit.Tuning
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&next); err != nil {
		return kept, fmt.Errorf("%w: %s: %w", errUsage, strings.Join(set, " "), err)
	}
	if _, _, err := next.Parse(); err != nil {
		return kept, err
	}
	return next, nil
}

// valueOf is a number where the setting is one.
func valueOf(name, value string) any {
	switch name {
	case "roundsAgreed", "roundsAlone", "guardLeast", "guardShare":
		return json.Number(value)
	}
	return value
}

func tuningFields(t audit.Tuning) (map[string]any, error) {
	raw, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{}
	return fields, json.Unmarshal(raw, &fields)
}

// printTuning lists every setting, with the standard where none was chosen.
func printTuning(c console, t audit.Tuning) error {
	fields, err := tuningFields(t)
	if err != nil {
		return err
	}
	rows := [][]string{{"SETTING", "VALUE", "STANDARD", "MEANING"}}
	for _, f := range [][]string{
		{"live", "24h", "how often living sources are asked"},
		{"suspect", "6h", "how often suspects are asked"},
		{"gone", "7d", "how often sources that are gone are asked"},
		{"countedApart", "5h", "least time between two bad rounds that count"},
		{"roundsAgreed", "2", "rounds in which two methods must agree on a death"},
		{"roundsAlone", "3", "rounds that one method alone needs"},
		{"aloneOver", "24h", "time over which it needs them"},
		{"unheardAfter", "14d", "silence after which a person should look"},
		{"guardShare", "0.2", "share of a platform's sources that may turn bad at once"},
		{"guardLeast", "5", "and how many at least before the guard holds them"},
		{"guardWindow", "24h", "what at once means"},
	} {
		value := "-"
		if v, chosen := fields[f[0]]; chosen {
			value = fmt.Sprint(v)
		}
		rows = append(rows, []string{f[0], value, f[1], f[2]})
	}
	return table(c.out, rows)
}
