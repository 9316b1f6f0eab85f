package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
	"videoteca/internal/settings"
	"videoteca/storage/catalog"
)

type retentionCommand struct {
	Do     string `arg:"" optional:"" enum:"show,set,ahead,run" default:"show" help:"show the period, set it, list what cards are about to lose (ahead), or run a pass that captures anew or purges what may be kept no longer."`
	Period string `arg:"" optional:"" help:"With set: keep, or days as 30d. docs/retention.md says what is lost."`
	Within string `default:"7d" placeholder:"DAYS" help:"With ahead: how far to look, as 7d."`
	DryRun bool   `help:"With run: say what would be done, ask nobody and change nothing."`
}

// Run does what the first argument says.
func (rc retentionCommand) Run(ctx context.Context, s *Settings, c console) error {
	if (rc.Do == "set") != (rc.Period != "") {
		return fmt.Errorf("%w: a period goes with set, and only there: videoteca retention set 30d", errUsage)
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	switch rc.Do {
	case "set":
		return rc.set(ctx, n, s, c)
	case "ahead":
		return rc.ahead(ctx, n, s, c)
	case "run":
		return rc.run(ctx, n, s, c)
	}
	choice, err := n.retention(ctx)
	if err != nil {
		return err
	}
	return printRetention(s, c, choice)
}

// set keeps the choice in the store, for all replicas.
func (rc retentionCommand) set(ctx context.Context, n *newsroom, s *Settings, c console) error {
	change := settings.Change{Setting: settings.Retention, Values: map[string]string{"period": rc.Period}, Actor: localActor}
	if _, err := settings.New(n.store).Change(ctx, change); err != nil {
		return err
	}
	choice, err := n.retention(ctx)
	if err != nil {
		return err
	}
	return printRetention(s, c, choice)
}

// ahead lists what is about to be lost.
func (rc retentionCommand) ahead(ctx context.Context, n *newsroom, s *Settings, c console) error {
	within, err := archive.ParseRetention(rc.Within)
	if err != nil || within.Keeps() {
		return fmt.Errorf("%w: --within: %q is no number of days; write it as 7d", errUsage, rc.Within)
	}
	choice, err := n.retention(ctx)
	if err == nil {
		err = n.refresh(ctx)
	}
	if err != nil {
		return err
	}
	losses := []archive.Loss{} // a list in JSON, also of none
	for loss, err := range n.keeper().Ahead(ctx, n.catalog.All(ctx), choice.Period, time.Duration(within)) {
		if err != nil {
			return err
		}
		losses = append(losses, loss)
	}
	if s.JSON {
		return writeJSON(c.out, listOf[archive.Loss]{Items: losses})
	}
	return printLosses(c.out, losses)
}

// run makes one pass.
func (rc retentionCommand) run(ctx context.Context, n *newsroom, s *Settings, c console) error {
	if err := n.refresh(ctx); err != nil {
		return err
	}
	summary, err := rc.pass(ctx, n, c.err)
	if err != nil {
		return err
	}
	if s.JSON {
		err = writeJSON(c.out, summary)
	} else {
		err = printPass(c.out, summary)
	}
	if err == nil && summary.Captures > 0 && !summary.DryRun {
		err = n.refreshPublished(ctx, c.err)
	}
	if err == nil && summary.Failed > 0 {
		err = fmt.Errorf("%s failed; the log says why, and the next pass tries again", plural(int64(summary.Failed), "video", "videos"))
	}
	return err
}

func (rc retentionCommand) pass(ctx context.Context, n *newsroom, progress io.Writer) (archive.RetentionSummary, error) {
	told := time.Now()
	tell := func(so archive.RetentionSummary) {
		if time.Since(told) > pollEvery {
			told = time.Now()
			fmt.Fprintf(progress, "%s seen, %s captured anew, %s purged\n",
				plural(int64(so.Videos), "video", "videos"), plural(int64(so.Refreshed), "source", "sources"), plural(int64(so.Captures), "capture", "captures"))
		}
	}
	if !rc.DryRun {
		return n.retain(ctx, tell)
	}
	choice, err := n.retention(ctx)
	if err != nil {
		return archive.RetentionSummary{}, err
	}
	return n.keeper().Run(ctx, archive.RetentionPass{Videos: n.catalog.All(ctx), Period: choice.Period, DryRun: true, Tell: tell})
}

// retain makes one pass under the audit's lease: an audit captures what a pass may be about to remove.
func (n *newsroom) retain(ctx context.Context, tell func(archive.RetentionSummary)) (archive.RetentionSummary, error) {
	choice, err := n.retention(ctx)
	if err != nil {
		return archive.RetentionSummary{}, err
	}
	held, giveBack, err := leases{n.store, n.leaseTerm, n.log}.Hold(ctx, audit.LeaseName)
	if errors.Is(err, audit.ErrBusy) {
		return archive.RetentionSummary{}, fmt.Errorf("%w; try again when the audit has ended", err)
	}
	if err != nil {
		return archive.RetentionSummary{}, err
	}
	defer giveBack()
	summary, err := n.keeper().Run(held, archive.RetentionPass{Videos: n.catalog.All(held), Period: choice.Period, Tell: tell})
	if err != nil {
		return summary, err
	}
	_, err = n.posters.Prune(ctx, n.catalog.All(ctx)) // of what other machines purged
	return summary, err
}

// keeper keeps the library to its retention.
func (n *newsroom) keeper() *archive.Keeper {
	return archive.NewKeeper(archive.KeeperOptions{
		Store: catalog.NewStore(n.store, n.catalog), Shelf: n.store, Refresher: n.library,
		Platforms: n.platforms, Posters: n.posters, Log: n.log,
	})
}

// retention is what was chosen; without a choice everything is kept.
func (n *newsroom) retention(ctx context.Context) (choice archive.RetentionChoice, err error) {
	_, err = n.store.Setting(ctx, archive.RetentionSetting, &choice)
	if errors.Is(err, archive.ErrNotFound) {
		return archive.RetentionChoice{}, nil
	}
	return choice, err
}

func printRetention(s *Settings, c console, choice archive.RetentionChoice) error {
	if s.JSON {
		return writeJSON(c.out, choice)
	}
	if choice.Period.Keeps() {
		fmt.Fprintln(c.out, "keep: what platforms return is kept for ever")
		return nil
	}
	fmt.Fprintf(c.out, "%s: what keyed calls return is captured anew or purged after %s\n", choice.Period, choice.Period)
	return nil
}

func printLosses(w io.Writer, losses []archive.Loss) error {
	if len(losses) == 0 {
		fmt.Fprintln(w, "no card is about to lose its title or poster")
		return nil
	}
	rows := [][]string{{"FROM", "VIDEO", "LOSES", "TITLE"}}
	for _, l := range losses {
		var what []string
		if l.Title != "" {
			what = append(what, "title")
		}
		if l.Poster {
			what = append(what, "poster")
		}
		rows = append(rows, []string{when(l.At), string(l.Video), strings.Join(what, ", "), short(l.Title, 60)})
	}
	if err := table(w, rows); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, "\nTo keep a title, confirm it as the newsroom's own on the video's page, or by PATCH /api/v1/videos/ID.\n"+
		"To keep a poster, upload a picture that you may show: videoteca poster ID FILE.\n")
	return err
}

func printPass(w io.Writer, s archive.RetentionSummary) error {
	would := ""
	if s.DryRun {
		would = "dry run: "
	}
	fmt.Fprintf(w, "%sretention %s: %s, %s captured anew, %s and %s purged, %s removed\n",
		would, s.Period, plural(int64(s.Videos), "video", "videos"), plural(int64(s.Refreshed), "source", "sources"),
		plural(int64(s.Captures), "capture", "captures"), plural(int64(s.Answers), "answer", "answers"), plural(int64(s.Files), "file", "files"))
	if len(s.Changes) == 0 {
		return nil
	}
	rows := [][]string{{"VIDEO", "SOURCE", "CAPTURED ANEW", "CAPTURES PURGED", "ANSWERS PURGED"}}
	for _, ch := range s.Changes {
		anew := "no"
		if ch.Refreshed {
			anew = "yes"
		}
		rows = append(rows, []string{string(ch.Video), ch.Source.String(), anew, strconv.Itoa(ch.Captures), strconv.Itoa(ch.Answers)})
	}
	return table(w, rows)
}
