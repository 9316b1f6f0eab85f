package archivetest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	manyPrefix        = "many"
	manyDigits        = 7 // with the prefix a whole id
	manyChannelPrefix = "UCmany"
	manyChannelDigits = 18 // with the prefix as long as real ones
	manyPerChannel    = 100
)

// ManyID is the id of the i-th video of Many, from 0; i is below ten million.
func ManyID(i int) string { return fmt.Sprintf("%s%0*d", manyPrefix, manyDigits, i) }

// ManyChannelID is the id of the channel of the i-th video of Many: a hundred each
// have one.
func ManyChannelID(i int) string {
	return fmt.Sprintf("%s%0*d", manyChannelPrefix, manyChannelDigits, i/manyPerChannel)
}

// Many adds n videos that play, with the ids from ManyID(0) to ManyID(n-1), in the
// place of those that it added before. Each takes memory only once SetState has
// changed it, and List has it only then.
func (p *Platform) Many(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.many = n
}

// manyVideo is a video of Many, under the lock.
func (p *Platform) manyVideo(id string) (Video, bool) {
	i, known := numbered(id, manyPrefix, manyDigits)
	if !known || i >= p.many {
		return Video{}, false
	}
	v, err := Video{
		ID: id, Title: "Simulation " + strconv.Itoa(i), ChannelID: ManyChannelID(i), ChannelTitle: manyTitle(i / manyPerChannel),
		Published: manySince().Add(time.Duration(i) * time.Minute),
		Color:     "#335577", Label: "Simulation", // one picture for all of them
	}.checked()
	return v, err == nil
}

func (p *Platform) manyChannel(id string) (Channel, bool) {
	k, known := numbered(id, manyChannelPrefix, manyChannelDigits)
	if !known || k > (p.many-1)/manyPerChannel || p.many == 0 {
		return Channel{}, false
	}
	return Channel{ID: id, Title: manyTitle(k), Since: manySince().Add(time.Duration(k*manyPerChannel) * time.Minute)}, true
}

func manyTitle(channel int) string { return "Simulation channel " + strconv.Itoa(channel) }

// manySince is when the first of Many was published.
func manySince() time.Time { return time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC) }

// numbered reads the number of an id of Many.
func numbered(id, prefix string, digits int) (int, bool) {
	number, ok := strings.CutPrefix(id, prefix)
	if !ok || len(number) != digits || strings.Trim(number, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(number)
	return n, err == nil
}
