package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
	"videoteca/web"
)

// deskOf is the settings of a service with these flags, on an empty store.
func deskOf(t *testing.T, sv serveCommand) settingsDesk {
	t.Helper()
	s := startSite(t)
	n, err := openFor(t.Context(), &Settings{Store: s.store, Cache: s.cache, YoutubeQuota: 500, LeaseTerm: time.Minute, HostPace: 5, YoutubeKey: "the-key"}, opening{founds: true}, console{err: &strings.Builder{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.close)
	return sv.settingsDesk(n, "127.0.0.1:8080", "https://videos.example.org", []string{"https://old.example.org"})
}

func TestWhatTheServiceRunsWithHoldsNoSecret(t *testing.T) {
	sv := serveCommand{
		Media: "serve", StaleIfError: time.Hour, Audit: true, AuditPause: time.Hour, Token: "the-token", FrameAncestors: []string{"https://news.example.org"},
		waybackFlags: waybackFlags{WaybackKey: "the-access:the-secret"},
		noticeFlags:  noticeFlags{MailServer: "smtp://ana@mail.example.org:587", MailPassword: "the-password"},
	}
	facts := map[string]web.Fact{}
	for _, f := range deskOf(t, sv).Facts(t.Context()) {
		facts[f.Name] = f
		if (f.Value == "") == (f.State == "") {
			t.Errorf("%s says both or nothing: %+v", f.Name, f)
		}
		for _, secret := range []string{"the-", "ana@"} {
			if strings.Contains(fmt.Sprint(f), secret) {
				t.Errorf("%s holds a secret: %+v", f.Name, f)
			}
		}
	}
	for name, want := range map[string]string{
		"base": "https://videos.example.org", "aliases": "https://old.example.org", "listen": "127.0.0.1:8080", "quota": "0 / 500", "media": "serve",
		"stale": "1h", "mail": "mail.example.org:587", "framers": "https://news.example.org",
	} {
		if got := facts[name].Value; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"youtubeKey": "given", "waybackKey": "given", "audits": "on", "archivedPages": "off", "hosts": web.Absent} {
		if got := facts[name].State; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestEveryFactNamesAFlagThatTheServiceHas(t *testing.T) {
	help := command(t, "serve", "--help")
	for _, f := range deskOf(t, serveCommand{}).Facts(t.Context()) {
		if f.Flag != "" && !strings.Contains(strings.ReplaceAll(help, "--[no-]", "--no-"), f.Flag) {
			t.Errorf("%s names %s, and there is no such flag", f.Name, f.Flag)
		}
	}
}

func TestSpansAreWrittenShort(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Hour: "1h", 10 * time.Minute: "10m", 90 * time.Minute: "1h30m", 20 * time.Second: "20s", 10*time.Hour + 10*time.Minute: "10h10m", 0: "0s"} {
		if got := spanText(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

func TestALostQuotaIsNotKnown(t *testing.T) {
	d := deskOf(t, serveCommand{})
	d.n.quota.shared = unreachable{}
	for _, f := range d.Facts(t.Context()) {
		if f.Name == "quota" && f.State != web.Unknown {
			t.Errorf("%+v", f)
		}
	}
}

func TestCommandsRecordWhatTheyChange(t *testing.T) {
	s := newSite(t)
	s.found(t)
	command(t, s.args("tune", "suspect=3h")...)
	command(t, s.args("retention", "set", "30d")...)
	address, err := storage.ParseAddress(s.store)
	if err != nil {
		t.Fatal(err)
	}
	bucket, err := storage.OpenDirectory(address.Directory)
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	changes, err := storage.NewStore(bucket, storage.StoreOptions{}).SettingChanges(t.Context(), 10)
	if err != nil || len(changes) != 2 {
		t.Fatalf("%+v, %v", changes, err)
	}
	if c := changes[0]; c.Actor != "local" || c.Setting != archive.RetentionSetting || c.After["period"] != "30d" {
		t.Errorf("%+v", c)
	}
	if c := changes[1]; c.Actor != "local" || c.Setting != "audit" || c.After["suspect"] != "3h" {
		t.Errorf("%+v", c)
	}
}

// unreachable is a store's quota while the store is away.
type unreachable struct{}

func (unreachable) ReserveQuota(context.Context, string, string, int, int) (int, error) {
	return 0, archive.ErrUnavailable
}
func (unreachable) ReturnQuota(context.Context, string, string, int) error {
	return archive.ErrUnavailable
}
func (unreachable) QuotaSpent(context.Context, string, string) (int, bool, error) {
	return 0, false, archive.ErrUnavailable
}

func (unreachable) EndQuota(context.Context, string, string) error { return archive.ErrUnavailable }
