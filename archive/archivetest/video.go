package archivetest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// ControlID is a video that plays whatever is set, so that a bad answer about
// another video can be told from a broken method, and ControlChannelID its channel,
// which stays open. Faults of the platform touch both too.
const (
	ControlID        = "control_vid"
	ControlChannelID = "UCcontrol000000000000000"
)

var (
	// ErrUnknown says that the platform has no such video or channel.
	ErrUnknown = errors.New("not on this platform")
	// ErrControl says that the control video cannot be changed.
	ErrControl = errors.New("the control video always plays")
	// ErrInvalid says that a value is none of those that the platform knows.
	ErrInvalid = errors.New("not a valid value")
)

var wholeID = regexp.MustCompile(`^[0-9A-Za-z_-]{11}$`)

// Video is one upload. Only ID is needed; what is empty gets a plain default.
type Video struct {
	ID           string // 11 characters of 0-9 A-Z a-z _ -
	Title        string
	Description  string
	Tags         []string
	ChannelID    string
	ChannelTitle string
	Published    time.Time
	Duration     time.Duration // whole seconds; empty: 90 s
	Language     string        // BCP 47, of title and sound

	State   State
	Regions []string  // ISO 3166-1 alpha-2, where RegionBlocked blocks; empty: the viewer's
	Starts  time.Time // when a Scheduled video begins; empty: a day from now

	MadeForKids bool

	Largest  Size   // the largest thumbnail there is; empty: MaxRes
	Vertical bool   // taller than wide
	Color    string // of the drawn room, as #rrggbb; empty: from the id
	Label    string // the words on the frame; empty: the title
	Scene    Scene
}

const (
	defaultDuration  = 90 * time.Second // long enough to watch it play, short enough to see it end
	defaultChannelID = "UCsimulacion-simulation0"
	defaultChannel   = "Simulation"
)

// checked is the video with its defaults, or what is wrong with it.
func (v Video) checked() (Video, error) {
	if !wholeID.MatchString(v.ID) {
		return Video{}, fmt.Errorf("video id %q: %w", v.ID, ErrInvalid)
	}
	v.Tags, v.Regions = slices.Clone(v.Tags), slices.Clone(v.Regions)
	for _, f := range []struct {
		field    *string
		standard string
	}{
		{&v.Title, "Simulation " + v.ID}, {&v.ChannelID, defaultChannelID}, {&v.ChannelTitle, defaultChannel},
		{&v.Color, colorFrom(v.ID)}, {(*string)(&v.State), string(Playable)}, {(*string)(&v.Largest), string(MaxRes)},
		{(*string)(&v.Scene), string(SceneHall)}, {&v.Language, "en"},
	} {
		if *f.field == "" {
			*f.field = f.standard
		}
	}
	if v.Label == "" {
		v.Label = v.Title
	}
	if v.Duration <= 0 {
		v.Duration = defaultDuration
	}
	return v, v.valid()
}

func (v Video) valid() error {
	if !slices.Contains(States(), v.State) {
		return fmt.Errorf("state %q of video %s: %w", v.State, v.ID, ErrInvalid)
	}
	if _, err := parseColor(v.Color); err != nil {
		return fmt.Errorf("video %s: %w", v.ID, err)
	}
	if _, known := v.Largest.file(); !known {
		return fmt.Errorf("largest size %q of video %s: %w", v.Largest, v.ID, ErrInvalid)
	}
	if !slices.Contains(scenes(), v.Scene) {
		return fmt.Errorf("scene %q of video %s: %w", v.Scene, v.ID, ErrInvalid)
	}
	return nil
}

func controlVideo() Video {
	return Video{
		ID: ControlID, Title: "Control: this video always plays", ChannelID: ControlChannelID,
		ChannelTitle: "Control", Published: time.Date(2005, 4, 23, 0, 0, 0, 0, time.UTC),
		Duration: 19 * time.Second, Color: "#3d4a3f", Scene: SceneHall,
	}
}
