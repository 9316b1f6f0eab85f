package youtube_test

import (
	"slices"
	"testing"

	"videoteca/archive/youtube"
)

func TestTheDataAPIsMethodsAreKeyedAndNoOthers(t *testing.T) {
	keyed := youTube(t).KeyedMethods()
	for method, want := range map[string]bool{
		youtube.MethodList:      true,
		youtube.MethodChannels:  true,
		youtube.MethodOEmbed:    false,
		youtube.MethodThumbnail: false,
		youtube.MethodFeed:      false,
	} {
		if slices.Contains(keyed, method) != want {
			t.Errorf("%s is keyed: %v", method, !want)
		}
	}
}

func TestWhatWasFetchedWithoutAKeyNamesNoKeyedMethod(t *testing.T) {
	here := newStage(alive1)
	for name, tt := range map[string]struct {
		change func(*youtube.Options)
		want   bool
	}{
		"with a key":    {keyed, true},
		"without a key": {func(*youtube.Options) {}, false},
	} {
		a := adapterOn(t, here, tt.change)
		if f := fetch(t, a, alive1); slices.Contains(a.KeyedMethods(), f.Method) != tt.want {
			t.Errorf("%s the method is %s", name, f.Method)
		}
	}
}
