package people

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestHashesArePHCStrings(t *testing.T) {
	h := newHasher(Cost{Memory: 64, Passes: 1, Lanes: 1})
	hash, err := h.hash(t.Context(), "correct horse")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%s, %v", hash, err)
	}
	if again, _ := h.hash(t.Context(), "correct horse"); again == hash {
		t.Error("two hashes of one password are the same")
	}
	for password, want := range map[string]bool{"correct horse": true, "Correct horse": false, "": false} {
		if got, err := h.matches(t.Context(), password, hash); got != want || err != nil {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
	if h.stale(hash) || !newHasher(Cost{Memory: 128, Passes: 1, Lanes: 1}).stale(hash) {
		t.Error("a hash is stale where the cost has changed, and only there")
	}
}

// The answer of another implementation, so that ours is that of the specification:
// echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1 -l 24 -e
func TestAHashOfAnotherProgramIsUnderstood(t *testing.T) {
	const theirs = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$79CPBBtFLAJe3yMqiKHvf7zwXFiecLBi"
	h := newHasher(Cost{Memory: 64, Passes: 1, Lanes: 1})
	if ok, err := h.matches(t.Context(), "password", theirs); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestNoPasswordMatchesAnAccountWithoutOne(t *testing.T) {
	h := newHasher(Cost{Memory: 64, Passes: 1, Lanes: 1})
	for _, password := range []string{"", "x", h.dummy} {
		if ok, err := h.matches(t.Context(), password, ""); ok || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
}

func TestHashingWaitsForItsTurnNoLongerThanAsked(t *testing.T) {
	h := newHasher(Cost{Memory: 64, Passes: 1, Lanes: 1})
	for range hashesAtOnce {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := h.hash(ctx, "x"); err == nil {
		t.Error("it hashed beyond its bound")
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$79CPBBtFLAJe3yMqiKHvf7zwXFiecLBi")
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$79CPBBtFLAJe3yMqiKHvf7zwXFiecLBi")
	f.Add("$argon2i$v=19$m=256,t=2,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parseHash(s)
		if err != nil {
			return
		}
		if p.cost.Memory > mostMemory || p.cost.Passes > mostPasses || len(p.sum) > 64 || len(p.salt) > 64 {
			t.Errorf("%q asks for %+v", s, p.cost)
		}
	})
}

func FuzzTheBookIsReadWithoutPanic(f *testing.F) {
	f.Add(`{"version":1,"people":[{"login":"ana","roles":["admin"],"password":"x"}]}`)
	f.Add(`{"people":[{"invite":{},"tokens":[{}]}],"setUp":{}}`)
	f.Fuzz(func(_ *testing.T, s string) {
		var b book
		if json.Unmarshal([]byte(s), &b) != nil {
			return
		}
		_ = b.governed()
		for i := range b.People {
			p := &b.People[i]
			_ = p.identity(BySession).May(Erase)
			_ = p.account()
		}
		_ = b.SetUp.opens("", time.Now())
	})
}

func FuzzSecretsAreToldByTheirForm(f *testing.F) {
	f.Add(newSecret())
	f.Add(tokenPrefix + newSecret())
	f.Fuzz(func(t *testing.T, s string) {
		if plausible(s) && IsToken(s) {
			t.Errorf("%q is both", s)
		}
		if plausible(s) && len(s) != 43 {
			t.Errorf("%q has %d characters", s, len(s))
		}
	})
}

func TestTheDocumentsOfFailuresDoNotGrowWithoutBound(t *testing.T) {
	now := time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC)
	f := failures{Of: map[string]entry{}}
	for i := range 2 * mostCounted {
		f.Of[fmt.Sprint("recent ", i)] = entry{tally: tally{N: 1, Last: now.Add(-time.Duration(i) * time.Second)}}
	}
	f.Of["long ago"] = entry{tally: tally{N: 1000, Last: now.Add(-forgotten - time.Second)}}
	f.Of["taken back"] = entry{tally: tally{Last: now}}
	f.prune(now)
	if _, newest := f.Of["recent 0"]; !newest || len(f.Of) != mostCounted {
		t.Errorf("%d are left, the newest among them: %v", len(f.Of), newest)
	}
	keys := map[string]bool{}
	for range 5000 {
		keys[throttleKey(hashOf(newSecret()))] = true
	}
	if len(keys) > 256 {
		t.Errorf("there may be %d documents", len(keys))
	}
}

func TestWaitsDoubleUpToTheirBound(t *testing.T) {
	now := time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		n    int
		ago  time.Duration
		want time.Duration
	}{
		{4, 0, 0}, {5, 0, 2 * time.Second}, {6, 0, 4 * time.Second}, {6, 3 * time.Second, time.Second}, {9, 0, 32 * time.Second},
		{13, 0, 512 * time.Second}, {14, 0, longestDelay}, {1000, 0, longestDelay}, {1000, forgotten + 1, 0}, {5, time.Hour, 2*time.Second - time.Hour},
	} {
		if got := (tally{N: tt.n, Last: now.Add(-tt.ago)}).wait(freeOfLogin, now); got != tt.want {
			t.Errorf("%d failures, the last %s ago: %s, not %s", tt.n, tt.ago, got, tt.want)
		}
	}
}

func TestHashesThatAskForTooMuchAreRefused(t *testing.T) {
	const good = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$79CPBBtFLAJe3yMqiKHvf7zwXFiecLBi"
	if _, err := parseHash(good); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"empty": "", "another algorithm": strings.Replace(good, "argon2id", "argon2i", 1), "another version": strings.Replace(good, "v=19", "v=16", 1),
		"too much memory": strings.Replace(good, "m=256", "m=9999999", 1), "too many passes": strings.Replace(good, "t=2", "t=99", 1), "no lanes": strings.Replace(good, "p=1", "p=0", 1),
		"a parameter more": strings.Replace(good, "p=1", "p=1,x=2", 1), "a space": strings.Replace(good, "m=256", "m= 256", 1), "no salt": strings.Replace(good, "c29tZXNhbHQ", "", 1),
		"a part more": good + "$", "not base64": strings.Replace(good, "c29tZXNhbHQ", "c29t!XNhbHQ", 1), "a short sum": good[:len(good)-16],
	} {
		if _, err := parseHash(bad); err == nil {
			t.Errorf("%s: %s is taken", name, bad)
		}
	}
}
