package storage

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"videoteca/archive"
)

// Keys of the format; see the package comment.
const (
	// KeyInstallation is the key of the store's marker.
	KeyInstallation = "videoteca.json"

	prefixVideos   = "videos/"
	prefixChanges  = "changes/"
	prefixArticles = "articles/"
	prefixChannels = "channels/"
	prefixAudits   = "audits/"
	prefixChecks   = "checks/"
)

// plainName is what leases, settings and platforms are called. A slash would make another key of it.
var plainName = regexp.MustCompile(`^[a-z0-9-]+$`)

// checkName refuses names that are not of a-z, 0-9 and the hyphen, with ErrBadKey.
func checkName(what, name string) error {
	if !plainName.MatchString(name) {
		return fmt.Errorf("%w: the %s %q is not of a-z, 0-9 and -", ErrBadKey, what, name)
	}
	return nil
}

// parseDay reads a day of the calendar, "2025-04-14".
func parseDay(day string) (time.Time, error) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no day: %w", day, err)
	}
	return at, nil
}

func videoKey(id archive.VideoID) string {
	return fmt.Sprintf("videos/%s/%s.json", shard(string(id)), id)
}

// videoOf reads the id from a record's key.
func videoOf(key string) (archive.VideoID, bool) {
	name, ok := strings.CutPrefix(key, prefixVideos)
	if !ok {
		return "", false
	}
	_, name, ok = strings.Cut(name, "/")
	name, isJSON := strings.CutSuffix(name, ".json")
	if !ok || !isJSON {
		return "", false
	}
	id, err := archive.ParseVideoID(name)
	return id, err == nil && videoKey(id) == key
}

func claimKey(key archive.SourceKey) string {
	return claimKeyOf(key.Digest())
}

func claimKeyOf(digest string) string {
	return fmt.Sprintf("sources/%s/%s.json", shard(digest), digest)
}

func eventsPrefix(id archive.VideoID) string {
	return fmt.Sprintf("events/%s/%s/", shard(string(id)), id)
}

func capturesPrefix(id archive.VideoID) string {
	return fmt.Sprintf("captures/%s/%s/", shard(string(id)), id)
}

func filesPrefix(id archive.VideoID) string {
	return fmt.Sprintf("files/%s/%s/", shard(string(id)), id)
}

func fileKey(id archive.VideoID, f archive.File) string {
	return filesPrefix(id) + f.Name()
}

func articleKey(id string) string { return fmt.Sprintf("articles/%s/%s.json", shard(id), id) }

func auditPrefix(at time.Time, ulid string) string {
	return prefixAudits + at.UTC().Format("2006/01/02") + "/" + ulid + "/"
}

// shard spreads a prefix over 1,024 folders: one flat list of 180,000 keys takes
// four times as long to list on some servers.
func shard(name string) string {
	if len(name) < 2 {
		return "00"
	}
	return name[:2]
}
