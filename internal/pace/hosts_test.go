package pace

import (
	"fmt"
	"testing"
)

func TestHostsLongUnusedAreForgotten(t *testing.T) {
	s := newHosts(Options{}.withDefaults(), 3)
	busy := s.take("busy")
	for i := range 10 {
		s.give(s.take(fmt.Sprint("idle", i)))
	}
	if len(s.named) != 3 || s.order.Len() != 3 || s.take("busy") != busy {
		t.Errorf("%d hosts, %d in order", len(s.named), s.order.Len())
	}
	if _, kept := s.named["idle9"]; !kept {
		t.Error("the newest was forgotten")
	}
}

func TestAHostInUseIsNotForgotten(t *testing.T) {
	s := newHosts(Options{}.withDefaults(), 2)
	var used []*host
	for i := range 5 {
		used = append(used, s.take(fmt.Sprint(i)))
	}
	for i, h := range used {
		if s.take(fmt.Sprint(i)) != h {
			t.Errorf("host %d was forgotten while requests were under way", i)
		}
		s.give(h)
		s.give(h)
	}
	s.give(s.take("another"))
	if len(s.named) != 2 {
		t.Errorf("%d hosts are kept once they are idle", len(s.named))
	}
}
