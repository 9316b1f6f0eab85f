package storage_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"videoteca/storage"
	"videoteca/storage/storagetest"
)

// counts are the calls that a registry has seen, by op and outcome.
func counts(t *testing.T, r *prometheus.Registry) map[string]uint64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]uint64{}
	for _, family := range families {
		if family.GetName() != "videoteca_store_seconds" {
			t.Errorf("a metric %s", family.GetName())
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, label := range m.GetLabel() {
				labels = append(labels, label.GetName()+"="+label.GetValue())
			}
			got[strings.Join(labels, " ")] = m.GetHistogram().GetSampleCount()
			if m.GetHistogram().GetSampleSum() < 0 {
				t.Errorf("%v took less than no time", labels)
			}
		}
	}
	return got
}

func TestCallsAreCountedByOperationAndOutcome(t *testing.T) {
	f := &failing{Bucket: directory(t)}
	registry := prometheus.NewRegistry()
	b, err := storage.WithMetrics(f, registry)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		storagetest.Put(t, b, "k.json", "abcd", storage.Condition{})
	}
	if _, err := b.Put(t.Context(), "k.json", strings.NewReader("x"), 1, storage.IfAbsent()); err == nil {
		t.Fatal("it was created twice")
	}
	if _, err := b.Stat(t.Context(), "none.json"); err == nil {
		t.Fatal("what is not there was described")
	}
	if got := storagetest.Keys(t, b, "", ""); len(got) != 1 {
		t.Fatalf("listed %v", got)
	}
	for _, err := range b.List(t.Context(), "", "") {
		if err != nil {
			t.Error(err)
		}
		break // a listing that is left is none that failed
	}
	for what, call := range calls(t, b) {
		if err := call(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		f.errs = []error{errCut}
		if err := call(); err == nil {
			t.Errorf("%s did not fail", what)
		}
	}
	f.errs = []error{errCut}
	var failed error
	for _, err := range b.List(t.Context(), "", "") {
		failed = err
	}
	if failed == nil {
		t.Error("the listing did not fail")
	}
	want := map[string]uint64{
		"op=put outcome=ok": 3, "op=put outcome=conflict": 1, "op=put outcome=failed": 1,
		"op=get outcome=ok": 1, "op=get outcome=failed": 1,
		"op=stat outcome=ok": 1, "op=stat outcome=missing": 1, "op=stat outcome=failed": 1,
		"op=delete outcome=ok": 1, "op=delete outcome=failed": 1,
		"op=list outcome=ok": 2, "op=list outcome=failed": 1,
	}
	if got := counts(t, registry); !maps.Equal(got, want) {
		t.Errorf("counted %v\nwant %v", got, want)
	}
}

func TestOneRegistryTakesTheMetricsOfOneStore(t *testing.T) {
	registry := prometheus.NewRegistry()
	for i := range 2 {
		_, err := storage.WithMetrics(directory(t), registry)
		if (err == nil) != (i == 0) {
			t.Errorf("store %d: %v", i+1, err)
		}
	}
}
