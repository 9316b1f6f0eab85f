package archivetest

import "image"

// Size is a size of thumbnail, by the name that the Data API gives it.
type Size string

// The sizes, smallest first.
const (
	Default  Size = "default"  // 120x90
	Medium   Size = "medium"   // 320x180
	High     Size = "high"     // 480x360
	Standard Size = "standard" // 640x480
	MaxRes   Size = "maxres"   // 1280x720
)

func sizes() []Size { return []Size{Default, Medium, High, Standard, MaxRes} }

// andSmaller is the size and all below it; a video has them all.
func (s Size) andSmaller() []Size {
	for i, size := range sizes() {
		if size == s {
			return sizes()[:i+1]
		}
	}
	return nil
}

// file is the size's name in addresses.
func (s Size) file() (name string, known bool) {
	switch s {
	case Default:
		return "default", true
	case Medium:
		return "mqdefault", true
	case High:
		return "hqdefault", true
	case Standard:
		return "sddefault", true
	case MaxRes:
		return "maxresdefault", true
	}
	return "", false
}

// shape is width and height. Sizes of 4:3 have black bars above and below the frame.
func (s Size) shape() image.Point {
	switch s {
	case Medium:
		return image.Pt(320, 180)
	case High:
		return image.Pt(480, 360)
	case Standard:
		return image.Pt(640, 480)
	case MaxRes:
		return image.Pt(1280, 720)
	}
	return image.Pt(120, 90)
}

// sizeOf reads the file name of an address.
func sizeOf(file string) (Size, bool) {
	for _, s := range sizes() {
		if name, _ := s.file(); name+".jpg" == file {
			return s, true
		}
	}
	return "", false
}

func thumbnailURL(base, id string, s Size) string {
	name, _ := s.file()
	return base + "/vi/" + id + "/" + name + ".jpg"
}
