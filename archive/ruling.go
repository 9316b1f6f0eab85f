package archive

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"
)

// Rule puts a person's ruling above what is computed of a source, or takes it back with
// RulesNothing. A ruling needs a reason: who reads the evidence later must know why
// it says otherwise.
func (l *Library) Rule(ctx context.Context, id VideoID, key SourceKey, as Ruling, reason, actor string) (Video, error) {
	if err := checkRuling(as, reason); err != nil {
		return Video{}, err
	}
	return l.rule(ctx, id, as, reason, "", actor, func(s Source) bool { return s.SourceKey == key })
}

// RuleHost gives one ruling for all sources whose pages are at a host, "video.example.org". It
// returns how many videos it changed.
func (l *Library) RuleHost(ctx context.Context, videos iter.Seq2[Video, error], host string, as Ruling, reason, actor string) (int, error) {
	if err := checkRuling(as, reason); err != nil {
		return 0, err
	}
	host = strings.ToLower(strings.TrimSpace(host))
	if host == "" {
		return 0, &FieldError{Field: "host", Problem: "there is none", Cure: "give the host of the sources' pages, as video.example.org"}
	}
	at := func(s Source) bool { return hostOf(s.URL) == host }
	changed := 0
	for v, err := range videos {
		if err != nil {
			return changed, fmt.Errorf("ruling over %s: %w", host, err)
		}
		if v.Visibility.Exposure == Erased || !anySource(v, at) {
			continue
		}
		if _, err := l.rule(ctx, v.ID, as, reason, host, actor, at); err != nil {
			return changed, err
		}
		changed++
	}
	return changed, nil
}

func checkRuling(as Ruling, reason string) error {
	if as != RulesNothing && !as.Valid() {
		return &FieldError{Field: "as", Problem: fmt.Sprintf("%q is no ruling", as), Cure: "say alive, dead, ignore, or none to take it back"}
	}
	if strings.TrimSpace(reason) == "" {
		return &FieldError{Field: "reason", Problem: "a ruling has a reason", Cure: "say in a sentence how you know"}
	}
	return nil
}

func (l *Library) rule(ctx context.Context, id VideoID, as Ruling, reason, host, actor string, which func(Source) bool) (Video, error) {
	actor = actorOr(actor)
	at := l.now().UTC()
	return l.update(ctx, id, Cause{Actor: actor, Verb: "overrule", Reason: reason}, func(v *Video) error {
		if !anySource(*v, which) {
			return fmt.Errorf("source to rule over in video %s: %w", id, ErrNotFound)
		}
		for i := range v.Sources {
			if !which(v.Sources[i]) {
				continue
			}
			v.Sources[i].Overrule = nil
			if as != RulesNothing {
				v.Sources[i].Overrule = &Overrule{As: as, Reason: strings.TrimSpace(reason), By: actor, At: at, Host: host}
			}
		}
		return nil
	})
}

// ReleaseHeld lets a source's held rounds count, because a person has looked and found that the
// guard held a real death. A source that has none is left as it is.
func (l *Library) ReleaseHeld(ctx context.Context, id VideoID, key SourceKey, reason, actor string) (Video, error) {
	if strings.TrimSpace(reason) == "" {
		return Video{}, &FieldError{Field: "reason", Problem: "releasing has a reason", Cure: "say in a sentence how you know"}
	}
	thresholds := l.tuned(ctx)
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "release", Reason: reason}, func(v *Video) error {
		s := v.Source(key)
		if s == nil {
			return fmt.Errorf("source %s of video %s: %w", key, id, ErrNotFound)
		}
		if len(s.Standing.Held) > 0 {
			s.Standing = thresholds.Release(s.Standing)
		}
		return nil
	})
}

func anySource(v Video, which func(Source) bool) bool {
	for _, s := range v.Sources {
		if which(s) {
			return true
		}
	}
	return false
}

// hostOf is the host of an address, without the port; empty where it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
