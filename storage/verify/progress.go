package verify

import (
	"context"
	"sync/atomic"
	"time"
)

// Progress is how far a pass has come. The totals are those of the store when it was counted, and 0 before.
type Progress struct {
	Objects, TotalObjects int64
	Bytes, TotalBytes     int64
	Faults                int64
	Elapsed               time.Duration // of this run
	began                 Counts        // what earlier runs of the pass had done
}

// Rate is objects and bytes a second in this run.
func (p Progress) Rate() (objects, bytes float64) {
	seconds := max(p.Elapsed.Seconds(), 0.001)
	return float64(p.Objects-p.began.Objects) / seconds, float64(p.Bytes-p.began.Bytes) / seconds
}

// Left is how long the rest will take at this rate; 0 where that is not known. Small objects cost by
// their number and large ones by their size, so the slower of the two counts.
func (p Progress) Left() time.Duration {
	objects, bytes := p.Rate()
	if p.TotalObjects == 0 || objects <= 0 {
		return 0
	}
	seconds := float64(max(0, p.TotalObjects-p.Objects)) / objects
	if bytes > 0 {
		seconds = max(seconds, float64(max(0, p.TotalBytes-p.Bytes))/bytes)
	}
	return time.Duration(seconds * float64(time.Second))
}

// totals is the size of the store, counted while it is checked.
type totals struct{ objects, bytes atomic.Int64 }

// count measures the store. A failure leaves the totals unknown: the pass will meet it too.
func (c *checker) count(ctx context.Context) {
	measure := c.Measure
	if measure == nil {
		measure = c.list
	}
	if objects, bytes, err := measure(ctx); err == nil {
		c.total.objects.Store(objects)
		c.total.bytes.Store(bytes)
	}
}

// list is the Measure of stores that list cheaply.
func (c *checker) list(ctx context.Context) (objects, bytes int64, err error) {
	for object, err := range c.Bucket.List(ctx, "", "") {
		if err != nil {
			return 0, 0, err
		}
		objects, bytes = objects+1, bytes+object.Size
	}
	return objects, bytes, nil
}
