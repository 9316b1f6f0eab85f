package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/audit"
)

// postbox is a mail server on this machine that takes whatever comes, unless it is to fall silent.
type postbox struct {
	address string
	mu      sync.Mutex
	silent  silence
	fell    int // how often it did
	taken   strings.Builder
}

// silence is where in a letter's handing over the postbox no longer answers.
type silence int

const (
	neverSilent silence = iota
	beforeBody
	afterBody
)

// falls reports whether the postbox falls silent here.
func (p *postbox) falls(at silence) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent == at {
		p.fell++
	}
	return p.silent == at
}

// silence lets the postbox fall silent there from now on.
func (p *postbox) silence(at silence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent, p.fell = at, 0
}

func (p *postbox) fallen() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fell > 0
}

func newPostbox(t *testing.T) *postbox {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postbox{address: l.Addr().String()}
	var work sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); work.Wait() })
	work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { p.serve(conn) })
		}
	})
	return p
}

func (p *postbox) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	in := bufio.NewReader(conn)
	fmt.Fprint(conn, "220 ready\r\n")
	for body := false; ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch {
		case body:
			p.mu.Lock()
			p.taken.WriteString(line)
			p.mu.Unlock()
			if body = line != ".\r\n"; !body && !p.falls(afterBody) {
				fmt.Fprint(conn, "250 taken\r\n")
			}
		case strings.HasPrefix(line, "DATA"):
			if p.falls(beforeBody) {
				continue
			}
			body = true
			fmt.Fprint(conn, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(conn, "221 goodbye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 yes\r\n")
		}
	}
}

func (p *postbox) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken.String()
}

// mailed is a newsroom that writes to people at once.
func (s *site) mailed(t *testing.T, p *postbox) *newsroom {
	t.Helper()
	n := s.opened(t)
	n.fillArticles(t.Context())
	flags := noticeFlags{MailServer: "smtp://" + p.address, MailFrom: "videoteca@example.org", MailTo: []string{"news@example.org"}, MailHour: -1, MailZone: "America/El_Salvador", MailLanguage: "es"}
	var err error
	if n.notices, err = flags.notifier(n, "https://videos.example.org"); err != nil {
		t.Fatal(err)
	}
	return n
}

// Whoever finds it, and however it ends: an editor's check in a process that knows nothing of mail, say.
func TestADeathIsWrittenOfWithItsArticleWhoeverFindsIt(t *testing.T) {
	for name, find := range map[string]func(*site, *newsroom, string){
		"the schedule's audit": func(_ *site, n *newsroom, _ string) {
			if _, err := n.auditor.Run(t.Context(), audit.Request{Videos: n.catalog.All(t.Context()), Plan: audit.Plan{Scope: "all", Actor: "audit"}}); err != nil {
				t.Error(err)
			}
		},
		"a check from a page": func(_ *site, n *newsroom, id string) {
			if err := (checker{n}).Check(t.Context(), []archive.VideoID{archive.VideoID(id)}, "ana"); err != nil {
				t.Error(err)
			}
		},
		"a command": func(s *site, n *newsroom, id string) {
			command(t, s.args("check", id)...)
			if err := n.refresh(t.Context()); err != nil { // as the change feed does
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSiteAside(t)
			p := newPostbox(t)
			command(t, s.args("add", s.watch(archivetest.NewYorkID), "--article", "https://example.org/story", "--language", "es")...)
			n := s.mailed(t, p)
			n.tell(t.Context())
			if err := s.platform.SetState(archivetest.NewYorkID, archivetest.Removed); err != nil {
				t.Fatal(err)
			}
			find(s, n, s.list(t)[0].ID)
			n.tell(t.Context())
			s.mailed(t, p).tell(t.Context()) // another process
			got := p.text()
			for _, want := range []string{"To: <news@example.org>", "disponible", "en duda", "https://example.org/story", "Auto-Submitted: auto-generated"} {
				if !strings.Contains(got, want) {
					t.Errorf("the mail lacks %q: %s", want, got)
				}
			}
			if strings.Count(got, "Message-ID") != 1 {
				t.Errorf("%d letters", strings.Count(got, "Message-ID"))
			}
		})
	}
}

func TestNoticesAreLookedForUntilTheServiceEnds(t *testing.T) {
	s := newSiteAside(t)
	p := newPostbox(t)
	s.add(t, archivetest.NewYorkID)
	n := s.mailed(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	filled, ended := make(chan struct{}), make(chan struct{})
	go func() { defer close(ended); n.noticeAlways(ctx, filled) }()
	close(filled)
	if err := s.platform.SetState(archivetest.NewYorkID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	if _, err := n.scheduler(time.Hour).Turn(t.Context()); err != nil { // not due yet, so it finds nothing
		t.Fatal(err)
	}
	command(t, s.args("check", s.list(t)[0].ID)...)
	if err := n.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.audited <- struct{}{}
	for deadline := time.Now().Add(tryPatience); !strings.Contains(p.text(), "en duda") && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
	}
	cancel()
	<-ended
	if !strings.Contains(p.text(), "en duda") {
		t.Errorf("nobody was written to: %s", p.text())
	}
}

func TestNoticesThatCannotBeSentAreRefusedAtTheStart(t *testing.T) {
	s := newSiteAside(t)
	good := map[string]string{"--mail-server": "smtp://127.0.0.1:1", "--mail-from": "a@example.org", "--mail-to": "b@example.org"}
	for flag, value := range map[string]string{"--mail-server": "mail.example.org", "--mail-from": "nobody", "--mail-to": "nobody", "--mail-hour": "24", "--mail-zone": "Nowhere/City"} {
		args := []string{"serve", "--listen", "127.0.0.1:0"}
		for f, v := range good {
			if f != flag {
				args = append(args, f+"="+v)
			}
		}
		var errs strings.Builder
		if code := run(t.Context(), s.args(append(args, flag+"="+value)...), console{in: strings.NewReader(""), out: io.Discard, err: &errs}); code != exitUsage || !strings.Contains(errs.String(), flag) {
			t.Errorf("%s=%s: %d, %s", flag, value, code, errs.String())
		}
	}
}
