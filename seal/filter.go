package seal

import (
	"bytes"
	"compress/zlib"
	"io"
)

// decode undoes the filters of streams that hold structure (cross-reference
// and object streams, attachments). Page content is never decoded.
func (r *reader) decode(s stream) ([]byte, error) {
	filters, parms := r.get(s.dict.get("Filter")), r.get(s.dict.get("DecodeParms"))
	if a, ok := filters.(array); ok {
		if len(a) > 1 {
			return nil, fileErr("a stream is packed in %d layers, which is not read", len(a))
		}
		p, _ := parms.(array)
		filters, parms = nil, nil
		if len(a) == 1 {
			filters = r.get(a[0])
		}
		if len(p) == 1 {
			parms = r.get(p[0])
		}
	}
	if filters == nil {
		return s.raw, nil
	}
	if filters != name("FlateDecode") {
		return nil, fileErr("a stream is packed with %v, which is not read", filters)
	}
	data, err := r.inflate(s.raw)
	if err != nil {
		return nil, err
	}
	p, _ := parms.(dict)
	return r.unpredict(data, p)
}

func (r *reader) inflate(raw []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fileErr("a compressed stream is damaged")
	}
	// Grown by hand and charged before: io.ReadAll would hold twice the
	// limit before it is noticed.
	var out []byte
	buf := make([]byte, 16<<10)
	for {
		n, err := z.Read(buf)
		if e := r.bud.expand(n); e != nil {
			return nil, e
		}
		out = append(out, buf[:n]...)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fileErr("a compressed stream is damaged")
		}
	}
}

// unpredict undoes the PNG predictors (7.4.4.4), in place.
func (r *reader) unpredict(data []byte, p dict) ([]byte, error) {
	kind, _ := r.get(p.get("Predictor")).(int64)
	if kind <= 1 {
		return data, nil
	}
	param := func(k name, missing int64) int64 {
		if v, ok := r.get(p.get(k)).(int64); ok {
			return v
		}
		return missing
	}
	cols := param("Columns", 1)
	if kind < 10 || cols < 1 || cols > 1<<16 || param("Colors", 1) != 1 || param("BitsPerComponent", 8) != 8 {
		return nil, fileErr("a stream uses a predictor that is not read")
	}
	if err := r.bud.step(len(data)); err != nil {
		return nil, err
	}
	w := int(cols)
	out, prev := data[:0], make([]byte, w)
	for len(data) >= w+1 {
		how, row := data[0], data[1:w+1]
		data = data[w+1:]
		var left, upLeft byte
		for i := range row {
			up := prev[i]
			switch how {
			case 0:
			case 1:
				row[i] += left
			case 2:
				row[i] += up
			case 3:
				row[i] += byte((int(left) + int(up)) / 2)
			case 4:
				row[i] += paeth(left, up, upLeft)
			default:
				return nil, fileErr("a stream uses a predictor that is not read")
			}
			left, upLeft = row[i], up
		}
		copy(prev, row)
		out = append(out, row...)
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	if pa <= pb && pa <= pc {
		return a
	}
	if pb <= pc {
		return b
	}
	return c
}

func abs(n int) int { return max(n, -n) }
