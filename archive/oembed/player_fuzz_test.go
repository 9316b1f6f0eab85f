package oembed

import "testing"

func FuzzPlayer(f *testing.F) {
	f.Add([]byte(`<script>window.playerConfig = {"video":{"id":1,"title":"A"}}</script>`), 200)
	f.Add([]byte(`config={{{{`), 200)
	f.Add([]byte(limitedToSites), 403)
	f.Fuzz(func(t *testing.T, page []byte, status int) {
		v := judgePlayer(answer{status: status, body: page}, "1")
		if v.outcome.Bad() && status != 404 && status != 410 {
			t.Fatalf("a death by %d and %q", status, page)
		}
		if v.outcome.Good() && (v.fields == nil || !v.answers) {
			t.Fatalf("%+v", v)
		}
	})
}
