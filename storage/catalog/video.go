package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"videoteca/archive"
)

// selectVideo prefers the alias: the store never deletes a record, so that of a
// merged video stands for ever, and the video it was merged into has the say.
const selectVideo = `
SELECT record FROM videos
WHERE id = COALESCE((SELECT video FROM aliases WHERE alias = ?1 ORDER BY video LIMIT 1), ?1)`

const selectBySource = `
SELECT video FROM sources WHERE platform = ? AND source_id = ? ORDER BY video LIMIT 1`

// Video reads the record of id, or of the video that id was merged into. One
// that the catalog has not gets archive.ErrNotFound, which says nothing about the store.
func (c *Catalog) Video(ctx context.Context, id archive.VideoID) (archive.Video, error) {
	var record []byte
	if err := c.reader.QueryRowContext(ctx, selectVideo, id).Scan(&record); err != nil {
		return archive.Video{}, fmt.Errorf("video %s in the catalog: %w", id, absence(err))
	}
	v, err := decode(record)
	if err != nil {
		return archive.Video{}, err
	}
	return c.Heard(ctx, v)
}

// Heard is a record as the store has it, with when its sources were heard since it was written.
func (c *Catalog) Heard(ctx context.Context, v archive.Video) (archive.Video, error) {
	one := []archive.Video{v}
	err := c.hear(ctx, one)
	return one[0], err
}

// hear adds to records when their sources were heard since they were written. The sources become the
// caller's own.
func (c *Catalog) hear(ctx context.Context, videos []archive.Video) error {
	var keys []archive.SourceKey
	for _, v := range videos {
		for _, s := range v.Sources {
			keys = append(keys, s.SourceKey)
		}
	}
	heard, err := c.Ledger().Heard(ctx, keys)
	if err != nil {
		return err
	}
	for i := range videos {
		sources := slices.Clone(videos[i].Sources)
		for k := range sources {
			sources[k].Standing = sources[k].Standing.Hears(heard[sources[k].SourceKey])
		}
		videos[i].Sources = sources
	}
	return nil
}

// BySource finds the video that names the source. Where two do, while a source
// moves between them, it is the one whose id sorts first. None: archive.ErrNotFound.
func (c *Catalog) BySource(ctx context.Context, key archive.SourceKey) (archive.VideoID, error) {
	var id archive.VideoID
	if err := c.reader.QueryRowContext(ctx, selectBySource, key.Platform, key.ID).Scan(&id); err != nil {
		return "", fmt.Errorf("source %s in the catalog: %w", key, absence(err))
	}
	return id, nil
}

func absence(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return archive.ErrNotFound
	}
	return err
}

func decode(record []byte) (archive.Video, error) {
	var v archive.Video
	if err := json.Unmarshal(record, &v); err != nil {
		return archive.Video{}, fmt.Errorf("reading a record of the catalog: %w", err)
	}
	return v, nil
}
