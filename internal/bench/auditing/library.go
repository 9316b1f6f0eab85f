package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/audit"
	"videoteca/archive/youtube"
	"videoteca/storage"
	"videoteca/storage/catalog"
)

const platformName = "manytube"

// videoID is the n-th video's: sixty bits of a digest, so that they spread over the folders.
func videoID(n int) archive.VideoID {
	const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	sum := sha256.Sum256([]byte(fmt.Sprint("video ", n)))
	var id strings.Builder
	for _, c := range sum[:12] {
		id.WriteByte(alphabet[c%32])
	}
	return archive.VideoID(id.String())
}

// youtubeSource is the n-th source, as it was captured a while ago.
func youtubeSource(n int) archive.Source {
	id := archivetest.ManyID(n)
	fields := archive.Fields{Title: "Video " + id, Description: strings.Repeat("A description of some length. ", 20), Channel: "A channel"}
	return archive.Source{
		SourceKey: archive.SourceKey{Platform: platformName, ID: id}, URL: "https://video.example/watch?v=" + id,
		Described: &archive.Description{Capture: "01jx0000000000000000000000", Method: "an import", Fields: fields},
	}
}

// video is the n-th one, with a source that lives.
func video(n int, source archive.Source, at time.Time) archive.Video {
	source.Added = at
	if source.Described == nil {
		source.Described = &archive.Description{Capture: "01jx0000000000000000000000", Method: "an import"}
	}
	source.Described.At = at
	source.Standing = archive.Standing{
		State: archive.Live, Outcome: archive.Playable, Since: at, FirstRound: at, LastRound: at, LastClear: at, LastGood: at,
		Transitions: []archive.Transition{{At: at, To: archive.Live}},
	}
	return archive.Video{
		ID: videoID(n), Revision: 2, Created: at, Updated: at, DefaultLanguage: "es",
		Title: archive.Text{"es": fmt.Sprint("Vídeo ", n)}, Sources: []archive.Source{source},
	}
}

// fill writes the records of YouTube's sources.
func (b bench) fill(folder string) error {
	return fillWith(folder, b.Sources, youtubeSource)
}

// fillWith writes records as files, without the fsync of each that the store makes.
func fillWith(folder string, sources int, of func(n int) archive.Source) error {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range sources {
		v := video(n, of(n), at)
		record := struct {
			Version int `json:"version"`
			archive.Video
			Writes []string `json:"writes"`
		}{1, v, []string{"01jx0000000000000000000000"}}
		data, err := json.MarshalIndent(record, "", "  ")
		if err != nil {
			return err
		}
		name := filepath.Join(folder, "videos", string(v.ID[:2]), string(v.ID)+".json")
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(name, append(data, '\n'), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// audit audits YouTube's sources of a folder.
func (b bench) audit(ctx context.Context, folder, address string, out io.Writer) error {
	o := youtube.At(platformName, "ManyTube", address, archivetest.ControlID)
	o.Key = "make-believe"
	adapter, err := youtube.New(o)
	if err != nil {
		return err
	}
	return b.auditWith(ctx, folder, adapter, out)
}

// auditWith audits the library of a folder and prints what it took.
func (b bench) auditWith(ctx context.Context, folder string, platform archive.Platform, out io.Writer) error {
	debug.SetGCPercent(50) // as the command does
	bucket, err := storage.OpenDirectory(filepath.Join(folder, "store"))
	if err != nil {
		return err
	}
	defer bucket.Close()
	counted := &counting{Bucket: bucket}
	store := storage.NewStore(counted, storage.StoreOptions{})
	known, err := catalog.Open(ctx, filepath.Join(folder, "catalog.sqlite"), catalog.Options{})
	if err != nil {
		return err
	}
	defer known.Close()
	if err := store.EnsureReady(ctx); err != nil {
		return err
	}
	if _, err := known.Fill(ctx, origin{store}, nil); err != nil {
		return err
	}
	a := audit.New(audit.Options{
		Journal: store.Journal(), Records: catalog.NewStore(store, known), Ledger: known.Ledger(), Finder: finder{known},
		Channels: store, Platforms: archive.Platforms{platform}, AtOnce: b.AtOnce,
	})
	counted.writes.Store(0)
	began, before := time.Now(), cpu()
	summary, err := a.Run(ctx, audit.Request{Videos: known.All(ctx), Plan: audit.Plan{Scope: "all", Actor: "bench"}})
	if err != nil {
		return err
	}
	if err := store.WriteCheckpoint(ctx, time.Now(), known.Ledger().All(ctx)); err != nil {
		return err
	}
	peak, err := peakKiB()
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(result{
		Wall: time.Since(began), CPU: cpu() - before, PeakKiB: peak, Sources: summary.Sources, Parts: summary.Parts,
		Objects: int(counted.writes.Load()), Changes: len(summary.Changes),
	})
}

// counting counts the objects written.
type counting struct {
	storage.Bucket
	writes atomic.Int64
}

// Put is the bucket's.
func (c *counting) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, cond storage.Condition) (storage.Object, error) {
	c.writes.Add(1)
	return c.Bucket.Put(ctx, key, body, size, cond)
}

// origin lets the catalog read the store.
type origin struct{ *storage.Store }

// Videos implements catalog.Origin.
func (o origin) Videos(ctx context.Context) iter.Seq2[catalog.Listed, error] {
	return func(yield func(catalog.Listed, error) bool) {
		for l, err := range o.List(ctx) {
			if !yield(catalog.Listed{ID: l.ID, ETag: l.ETag}, err) {
				return
			}
		}
	}
}

// finder implements audit.Finder.
type finder struct{ *catalog.Catalog }

// BySource finds the video of a source.
func (f finder) BySource(ctx context.Context, key archive.SourceKey) (archive.Video, error) {
	id, err := f.Catalog.BySource(ctx, key)
	if err != nil {
		return archive.Video{}, err
	}
	return f.Video(ctx, id)
}

// cpu is what this process has used of all cores.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

var errNoPeak = errors.New("no VmHWM in /proc/self/status")

// peakKiB is the most memory that this process has held, in KiB.
func peakKiB() (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	return parsePeak(string(status))
}

func parsePeak(status string) (int, error) {
	for line := range strings.Lines(status) {
		var kib int
		if n, err := fmt.Sscanf(line, "VmHWM: %d kB", &kib); err == nil && n == 1 {
			return kib, nil
		}
	}
	return 0, errNoPeak
}
