package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// icons packs the mark as it is drawn in icons/icon.svg, and the pictures that
// systems want of it. Two fill their whole square, because those systems cut it to
// their own shape: inside a circle of 80 % the mark stays whole.
func (p *packer) icons() error {
	source, err := os.ReadFile(filepath.Join(p.web, "icons", "icon.svg"))
	if err != nil {
		return err
	}
	if err := p.asset("icon.svg", source); err != nil {
		return err
	}
	mark, err := parseMark(source)
	if err != nil {
		return fmt.Errorf("icon.svg: %w", err)
	}
	for _, icon := range []struct {
		name string
		size int
		full bool
	}{
		{"icon-192.png", 192, false},
		{"icon-512.png", 512, false},
		{"icon-maskable.png", 512, true},
		{"apple-touch.png", 180, true},
	} {
		picture, err := mark.draw(icon.size, icon.full)
		if err != nil {
			return err
		}
		if err := p.asset(icon.name, picture); err != nil {
			return err
		}
	}
	return nil
}

// mark is the small part of SVG that the mark needs: a tile, and strokes with round
// ends in one colour.
type mark struct {
	ViewBox string `xml:"viewBox,attr"`
	Tile    struct {
		Radius float64 `xml:"rx,attr"`
		Fill   string  `xml:"fill,attr"`
	} `xml:"rect"`
	Strokes struct {
		Colour   string  `xml:"stroke,attr"`
		Width    float64 `xml:"stroke-width,attr"`
		Polygons []struct {
			Points string `xml:"points,attr"`
		} `xml:"polygon"`
		Circles []struct {
			X float64 `xml:"cx,attr"`
			Y float64 `xml:"cy,attr"`
			R float64 `xml:"r,attr"`
		} `xml:"circle"`
		Lines []struct {
			X1 float64 `xml:"x1,attr"`
			Y1 float64 `xml:"y1,attr"`
			X2 float64 `xml:"x2,attr"`
			Y2 float64 `xml:"y2,attr"`
		} `xml:"line"`
	} `xml:"g"`

	side       float64
	tile, line color.NRGBA
	shapes     []distance
}

// distance is how far a point is from the middle of a stroke.
type distance func(x, y float64) float64

func parseMark(source []byte) (*mark, error) {
	m := &mark{}
	if err := xml.Unmarshal(source, m); err != nil {
		return nil, err
	}
	var width float64
	if _, err := fmt.Sscanf(m.ViewBox, "0 0 %g %g", &width, &m.side); err != nil || width != m.side {
		return nil, fmt.Errorf("viewBox %q is not a square from 0 0", m.ViewBox)
	}
	var err error
	if m.tile, err = parseColour(m.Tile.Fill); err != nil {
		return nil, err
	}
	if m.line, err = parseColour(m.Strokes.Colour); err != nil {
		return nil, err
	}
	for _, polygon := range m.Strokes.Polygons {
		corners, err := parsePoints(polygon.Points)
		if err != nil {
			return nil, err
		}
		for i, a := range corners {
			b := corners[(i+1)%len(corners)]
			m.shapes = append(m.shapes, segment(a[0], a[1], b[0], b[1]))
		}
	}
	for _, c := range m.Strokes.Circles {
		m.shapes = append(m.shapes, func(x, y float64) float64 { return math.Abs(math.Hypot(x-c.X, y-c.Y) - c.R) })
	}
	for _, l := range m.Strokes.Lines {
		m.shapes = append(m.shapes, segment(l.X1, l.Y1, l.X2, l.Y2))
	}
	return m, nil
}

func parseColour(hex string) (color.NRGBA, error) {
	c := color.NRGBA{A: 255}
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		return c, fmt.Errorf("colour %q: %w", hex, err)
	}
	return c, nil
}

func parsePoints(text string) ([][2]float64, error) {
	var points [][2]float64
	for _, pair := range strings.Fields(text) {
		var point [2]float64
		if _, err := fmt.Sscanf(pair, "%g,%g", &point[0], &point[1]); err != nil {
			return nil, fmt.Errorf("point %q: %w", pair, err)
		}
		points = append(points, point)
	}
	return points, nil
}

func segment(x1, y1, x2, y2 float64) distance {
	dx, dy := x2-x1, y2-y1
	return func(x, y float64) float64 {
		along := ((x-x1)*dx + (y-y1)*dy) / (dx*dx + dy*dy)
		along = min(max(along, 0), 1)
		return math.Hypot(x-x1-along*dx, y-y1-along*dy)
	}
}

// draw is the mark as PNG, smooth to a pixel at every edge.
func (m *mark) draw(pixels int, full bool) ([]byte, error) {
	scale := m.side / float64(pixels)
	radius := m.Tile.Radius
	if full {
		radius = 0
	}
	picture := image.NewNRGBA(image.Rect(0, 0, pixels, pixels))
	for py := range pixels {
		for px := range pixels {
			x, y := (float64(px)+.5)*scale, (float64(py)+.5)*scale
			nearest := math.Inf(1)
			for _, shape := range m.shapes {
				nearest = min(nearest, shape(x, y))
			}
			c := mix(m.tile, m.line, cover((m.Strokes.Width/2-nearest)/scale))
			if radius > 0 {
				c.A = uint8(math.Round(255 * cover(-m.corner(x, y, radius)/scale)))
			}
			picture.SetNRGBA(px, py, c)
		}
	}
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture)
	return out.Bytes(), err
}

// corner is the distance to the edge of the rounded tile, negative inside.
func (m *mark) corner(x, y, radius float64) float64 {
	half := m.side / 2
	dx, dy := math.Abs(x-half)-half+radius, math.Abs(y-half)-half+radius
	return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius
}

// cover is the share of a pixel inside an edge that lies so many pixels away.
func cover(pixels float64) float64 { return min(max(pixels+.5, 0), 1) }

func mix(a, b color.NRGBA, share float64) color.NRGBA {
	blend := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + share*(float64(b)-float64(a)))) }
	return color.NRGBA{blend(a.R, b.R), blend(a.G, b.G), blend(a.B, b.B), 255}
}
