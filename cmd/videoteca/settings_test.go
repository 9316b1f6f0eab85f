package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

func TestTheStoreIsInTheUsersDataDirectoryUnlessNamed(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", "")
	check := func(s Settings, want string) {
		t.Helper()
		if got, err := s.store(); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	check(Settings{}, filepath.Join(home, ".local", "share", "videoteca"))
	t.Setenv("XDG_DATA_HOME", "/data")
	check(Settings{}, "/data/videoteca")
	check(Settings{Store: "s3://b"}, "s3://b")
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("HOME", "")
	if _, err := (&Settings{}).store(); !errors.Is(err, errUsage) || !strings.Contains(err.Error(), "--store") {
		t.Errorf("without a home: %v", err)
	}
}

func TestTwoStoresNeverShareACache(t *testing.T) {
	s := Settings{Cache: "/cache"}
	one, err := s.cacheFor("/store/one")
	two, err2 := s.cacheFor("s3://bucket?endpoint=http://h")
	if err != nil || err2 != nil || one == two || filepath.Dir(one) != "/cache" {
		t.Errorf("%q and %q: %v, %v", one, two, err, err2)
	}
}

func TestASecretComesFromItsFileWithoutItsLineEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := (&Settings{YoutubeKeyFile: file}).youtubeKey(); err != nil || got != "secret" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := (&Settings{YoutubeKey: "direct", YoutubeKeyFile: file}).youtubeKey(); err != nil || got != "direct" {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.WriteFile(file, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, file + ".none"} {
		if _, err := secretFile("--token-file", name); !errors.Is(err, errUsage) || !strings.Contains(err.Error(), "--token-file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPlatformsThatSpeakLikeYouTubeAreNamed(t *testing.T) {
	s := Settings{YoutubeLike: []string{"maketube=http://maketube.localhost:8090#control_vid"}}
	platforms, err := s.platforms(thisBuild(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range platforms {
		names = append(names, p.Name())
	}
	// Plain files come before those that speak oEmbed, where some hosts claim every address.
	if len(names) < 4 || !slices.Equal(names[:3], []string{"youtube", "maketube", "web"}) || !slices.Contains(names[3:], "vimeo") {
		t.Errorf("platforms %v", names)
	}
	if got := players(platforms)["maketube"]; got.Origin != "http://maketube.localhost:8090" || got.Kind != archive.PlayerYouTube {
		t.Errorf("%+v", got)
	}
	if _, ref, err := platforms.Recognise("https://youtu.be/jNQXAC9IVRw"); err != nil || ref.Key.Platform != "youtube" {
		t.Errorf("real addresses stay real: %+v, %v", ref, err)
	}
	for _, bad := range []string{"maketube", "=http://h", "youtube=http://h:1", "web=http://h:1", "Upper=http://h:1", "m=ftp://h", "make=http://h/path"} {
		if _, err := (&Settings{YoutubeLike: []string{bad}}).platforms(thisBuild(), nil, nil); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := (&Settings{AllowAddress: []string{"not an address"}}).platforms(thisBuild(), nil, nil); !errors.Is(err, errUsage) {
		t.Errorf("a bad --allow-address: %v", err)
	}
}

func TestTheQuotaOfADayEndsAtMidnightPacific(t *testing.T) {
	q := newDailyQuota(3)
	now := time.Date(2026, 7, 1, 6, 59, 0, 0, time.UTC) // 23:59 on 30 June in Los Angeles
	q.now = func() time.Time { return now }
	if err := q.Spend(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if err := q.Spend(t.Context(), 1); !errors.Is(err, youtube.ErrQuota) {
		t.Errorf("over the budget: %v", err)
	}
	now = now.Add(2 * time.Minute)
	if err := q.Spend(t.Context(), 1); err != nil {
		t.Errorf("on the next day: %v", err)
	}
}

func TestErrorsHaveExitCodes(t *testing.T) {
	for want, errs := range map[int][]error{
		exitUsage:   {errUsage, &archive.FieldError{Field: "url"}, &archive.OwnedError{}, archive.ErrBadID},
		exitMissing: {archive.ErrNotFound},
		exitStore:   {archive.ErrUnavailable},
		exitLoss:    {errLoss, errFound},
		exitFailure: {errors.New("anything"), context.Canceled},
	} {
		for _, err := range errs {
			var out strings.Builder
			if got := explain(&out, fmt.Errorf("doing x: %w", err)); got != want || !strings.HasPrefix(out.String(), "videoteca: ") {
				t.Errorf("%v: %d, want %d: %s", err, got, want, &out)
			}
		}
	}
}

func TestWhatPlatformsWroteCannotSteerTheTerminal(t *testing.T) {
	if got := oneLine("a\x1b[2Jb\nc\td\u009be"); got != "a [2Jb c d e" {
		t.Errorf("%q", got)
	}
	if got := short("ñandúes", 4); got != "ñan…" {
		t.Errorf("%q", got)
	}
	if got := when(time.Time{}); got != "-" {
		t.Errorf("no time is %q", got)
	}
}

func TestAListenersAddressAsABrowserUsesIt(t *testing.T) {
	for in, want := range map[string]string{"0.0.0.0:80": "127.0.0.1:80", "[::]:81": "127.0.0.1:81", "127.0.0.1:82": "127.0.0.1:82", "odd": "odd"} {
		if got := browsable(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	for in, want := range map[string]bool{"127.0.0.1:1": true, "[::1]:1": true, "localhost:1": true, "0.0.0.0:1": false, "192.0.2.1:1": false, "odd": false} {
		if isLoopback(in) != want {
			t.Errorf("%s: %v", in, !want)
		}
	}
}

func TestHealthAsksTheService(t *testing.T) {
	s := newSite(t)
	service := serve(t, s.args()...)
	if out := command(t, "health", "--listen", strings.TrimPrefix(service.URL, "http://")); out != "ok\n" {
		t.Errorf("%q", out)
	}
	service.Stop(t)
	var errs strings.Builder
	if code := run(t.Context(), []string{"health", "--listen", strings.TrimPrefix(service.URL, "http://")}, console{in: strings.NewReader(""), out: &errs, err: &errs}); code != exitFailure {
		t.Errorf("of a service that is gone: %d", code)
	}
}
