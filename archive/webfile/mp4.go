package webfile

import "encoding/binary"

// movie is what the moov box of an MP4 file tells (ISO/IEC 14496-12).
type movie struct {
	seconds float64
	width   int // pixels as shown, after rotation
	height  int
}

// maxPixels is the longest side told: 16K. More is a mistake.
const maxPixels = 16384

// maxOffset is beyond every file: 1 PiB. Sums of offsets below it do not overflow.
const maxOffset = 1 << 50

// maxBoxes bounds a walk over boxes of eight bytes each.
const maxBoxes = 256

// box is one box, cut where the data ends.
type box struct {
	kind string
	size int64 // as written, header included; 0: to the end of the file
	body []byte
}

// nextBox reads the box at the start of data. A size that cannot be is no box.
func nextBox(data []byte) (box, bool) {
	if len(data) < 8 {
		return box{}, false
	}
	size, header := int64(binary.BigEndian.Uint32(data)), int64(8)
	if size == 1 { // a 64-bit size follows the kind
		if len(data) < 16 {
			return box{}, false
		}
		size, header = int64(binary.BigEndian.Uint64(data[8:])), 16
	}
	if size != 0 && size < header { // also a 64-bit size beyond int64
		return box{}, false
	}
	end := int64(len(data))
	if size != 0 {
		end = min(end, size)
	}
	return box{kind: string(data[4:8]), size: size, body: data[header:end]}, true
}

// walk calls visit with the boxes in data until it returns false.
func walk(data []byte, visit func(box) bool) {
	for range maxBoxes {
		b, ok := nextBox(data)
		if !ok || !visit(b) || b.size == 0 || b.size >= int64(len(data)) {
			return
		}
		data = data[b.size:]
	}
}

// findMoov returns where in the file the moov box begins, judging by the first
// bytes: often past them, behind the media.
func findMoov(head []byte) (offset int64, ok bool) {
	walk(head, func(b box) bool {
		if b.kind == "moov" {
			ok = true
			return false
		}
		offset += min(b.size, maxOffset)
		return b.size != 0 && b.size < maxOffset
	})
	return offset, ok || (offset > int64(len(head)) && offset < maxOffset)
}

// parseMoov reads a moov box or the beginning of one.
func parseMoov(data []byte) movie {
	b, ok := nextBox(data)
	if !ok || b.kind != "moov" {
		return movie{}
	}
	var m movie
	walk(b.body, func(b box) bool {
		switch b.kind {
		case "mvhd":
			m.seconds = movieSeconds(b.body)
		case "trak":
			m.measure(b.body)
		}
		return true
	})
	return m
}

// movieSeconds reads mvhd: version 1 has 64-bit times, version 0 32-bit ones.
func movieSeconds(body []byte) float64 {
	var scale, length float64
	switch {
	case len(body) >= 32 && body[0] == 1:
		scale = float64(binary.BigEndian.Uint32(body[20:]))
		length = float64(binary.BigEndian.Uint64(body[24:]))
	case len(body) >= 20 && body[0] == 0:
		scale = float64(binary.BigEndian.Uint32(body[12:]))
		length = float64(binary.BigEndian.Uint32(body[16:]))
	}
	if scale == 0 || length/scale > longestClip {
		return 0
	}
	return length / scale
}

// measure reads the track's header, tkhd, and keeps the largest picture.
func (m *movie) measure(trak []byte) {
	walk(trak, func(b box) bool {
		if b.kind != "tkhd" {
			return true
		}
		if w, h := trackSize(b.body); w*h > m.width*m.height {
			m.width, m.height = w, h
		}
		return false
	})
}

// trackSize reads the last 44 bytes of tkhd: a matrix of nine 32-bit numbers,
// then width and height as 16.16. Phones turn vertical video by the matrix.
func trackSize(body []byte) (width, height int) {
	length := 84
	if len(body) > 0 && body[0] == 1 {
		length = 96
	}
	if len(body) < length {
		return 0, 0
	}
	tail := body[length-44 : length]
	width = int(binary.BigEndian.Uint32(tail[36:]) >> 16)
	height = int(binary.BigEndian.Uint32(tail[40:]) >> 16)
	if width > maxPixels || height > maxPixels {
		return 0, 0
	}
	if turned := binary.BigEndian.Uint32(tail) == 0 && binary.BigEndian.Uint32(tail[16:]) == 0; turned {
		return height, width
	}
	return width, height
}
