package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive/archivetest"
	"videoteca/archive/audit"
)

// postbox is a mail server on this machine that takes whatever comes.
type postbox struct {
	address string
	mu      sync.Mutex
	taken   strings.Builder
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
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
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
			if body = line != ".\r\n"; !body {
				fmt.Fprint(conn, "250 taken\r\n")
			}
		case strings.HasPrefix(line, "DATA"):
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

func TestADeathIsWrittenOfWithItsArticle(t *testing.T) {
	s := newSiteAside(t)
	p := newPostbox(t)
	command(t, s.args("add", s.watch(archivetest.NewYorkID), "--article", "https://example.org/story", "--language", "es")...)
	n, err := open(t.Context(), &Settings{Store: s.store, Cache: s.cache, LogLevel: "error", YoutubeLike: []string{s.like()}}, console{in: strings.NewReader(""), out: io.Discard, err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.close)
	if err := n.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.fillArticles(t.Context())
	flags := noticeFlags{MailServer: "smtp://" + p.address, MailFrom: "videoteca@example.org", MailTo: []string{"news@example.org"}, MailHour: -1, MailZone: "America/El_Salvador", MailLanguage: "es"}
	if n.notices, err = flags.notifier(n, "https://videos.example.org"); err != nil {
		t.Fatal(err)
	}
	if err := s.platform.SetState(archivetest.NewYorkID, archivetest.Removed); err != nil {
		t.Fatal(err)
	}
	summary, err := n.auditor.Run(t.Context(), audit.Request{Videos: n.catalog.All(t.Context()), Plan: audit.Plan{Scope: "all", Actor: "audit"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		n.tell(t.Context(), once(&summary))
	}
	got := p.text()
	for _, want := range []string{"To: <news@example.org>", "disponible", "en duda", "https://example.org/story", "Auto-Submitted: auto-generated"} {
		if !strings.Contains(got, want) {
			t.Errorf("the mail lacks %q: %s", want, got)
		}
	}
	if strings.Count(got, "Message-ID") != 1 {
		t.Errorf("%d letters", strings.Count(got, "Message-ID"))
	}
}

// once is a summary the first time, and one of an audit that found nothing afterwards.
func once(s *audit.Summary) audit.Summary {
	first := *s
	s.Changes = nil
	return first
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
