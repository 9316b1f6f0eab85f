package main

import (
	"context"
	"fmt"
	"strings"

	"videoteca/archive"
)

type overruleCommand struct {
	As     string `arg:"" enum:"alive,dead,ignore,none" help:"alive, dead, ignore (it is not asked any more), or none to take a ruling back."`
	ID     string `arg:"" optional:"" help:"Id of the video."`
	Source string `arg:"" optional:"" help:"The source, as platform:id. Default: the video's only one."`
	Host   string `placeholder:"HOST" help:"Rule over all sources whose pages are at this host, instead of one."`
	Reason string `required:"" help:"How you know, in a sentence. It stands in the evidence."`
}

// Run puts a person's ruling above the computed state.
func (o overruleCommand) Run(ctx context.Context, s *Settings, c console) error {
	if (o.ID == "") == (o.Host == "") {
		return fmt.Errorf("%w: name a video, or a host with --host", errUsage)
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	as := archive.Ruling(strings.TrimPrefix(o.As, "none"))
	if o.Host != "" {
		if err := n.refresh(ctx); err != nil {
			return err
		}
		changed, err := n.library.RuleHost(ctx, n.catalog.All(ctx), o.Host, as, o.Reason, "")
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s sources at %s\n", plural(int64(changed), "video has", "videos have"), o.Host)
		return nil
	}
	v, key, err := n.sourceOf(ctx, o.ID, o.Source)
	if err != nil {
		return err
	}
	if v, err = n.library.Rule(ctx, v.ID, key, as, o.Reason, ""); err != nil {
		return err
	}
	return n.print(ctx, s, c, v)
}

// sourceOf reads a video and the key of one of its sources: the one named, else the only one.
func (n *newsroom) sourceOf(ctx context.Context, id, name string) (archive.Video, archive.SourceKey, error) {
	parsed, err := archive.ParseVideoID(id)
	if err != nil {
		return archive.Video{}, archive.SourceKey{}, err
	}
	v, err := n.store.Video(ctx, parsed)
	if err != nil {
		return archive.Video{}, archive.SourceKey{}, err
	}
	if name == "" && len(v.Sources) == 1 {
		return v, v.Sources[0].SourceKey, nil
	}
	platform, source, _ := strings.Cut(name, ":")
	key := archive.SourceKey{Platform: platform, ID: source}
	if v.Source(key) == nil {
		var have []string
		for _, s := range v.Sources {
			have = append(have, s.SourceKey.String())
		}
		return archive.Video{}, archive.SourceKey{}, fmt.Errorf("%w: video %s has no source %q; name one of %s", errUsage, id, name, strings.Join(have, ", "))
	}
	return v, key, nil
}

type releaseCommand struct {
	ID     string `arg:"" help:"Id of the video."`
	Source string `arg:"" optional:"" help:"The source, as platform:id. Default: the video's only one."`
	Reason string `required:"" help:"How you know that it is gone, in a sentence."`
}

// Run lets the rounds count that the guard holds.
func (r releaseCommand) Run(ctx context.Context, s *Settings, c console) error {
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	v, key, err := n.sourceOf(ctx, r.ID, r.Source)
	if err != nil {
		return err
	}
	if len(v.Source(key).Standing.Held) == 0 {
		return fmt.Errorf("%w: nothing of %s is held", errUsage, key)
	}
	if v, err = n.library.ReleaseHeld(ctx, v.ID, key, r.Reason, ""); err != nil {
		return err
	}
	return n.print(ctx, s, c, v)
}
