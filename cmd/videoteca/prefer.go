package main

import (
	"context"
	"fmt"
	"strings"

	"videoteca/archive"
)

type preferCommand struct {
	ID     string `arg:"" help:"Id of the video."`
	Source string `arg:"" help:"The source to put first: platform:id as show prints it, or its address."`
}

// Run puts the source first.
func (p preferCommand) Run(ctx context.Context, s *Settings, c console) error {
	id, err := archive.ParseVideoID(p.ID)
	if err != nil {
		return err
	}
	n, err := open(ctx, s, c)
	if err != nil {
		return err
	}
	defer n.close()
	key, err := sourceKey(n.platforms, p.Source)
	if err != nil {
		return err
	}
	v, err := n.library.Prefer(ctx, id, key, "")
	if err != nil {
		return err
	}
	return n.print(ctx, s, c, v)
}

// sourceKey reads an address, or platform:id.
func sourceKey(platforms archive.Platforms, s string) (archive.SourceKey, error) {
	if _, ref, err := platforms.Recognise(s); err == nil {
		return ref.Key, nil
	}
	platform, id, ok := strings.Cut(s, ":")
	if !ok || platforms.Named(platform) == nil || id == "" {
		return archive.SourceKey{}, fmt.Errorf("%w: %q is no source; write platform:id as show prints it, or the source's address", errUsage, s)
	}
	return archive.SourceKey{Platform: platform, ID: id}, nil
}
