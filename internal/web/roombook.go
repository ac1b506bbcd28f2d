package web

import (
	"time"

	"dottedline/internal/desk"
)

// roomOffer are the times that the visitor of a room can book.
func roomOffer(v *visit) (f offer, err error) {
	g := v.guest()
	_, me, err := v.desk.RoomTimes(v.Context(), g, "", v.now, v.now)
	f = offer{base: v.roomURL() + "/book", guest: string(me.Address), open: func(kind string, from, to time.Time) (desk.OpenPage, error) {
		o, _, err := v.desk.RoomTimes(v.Context(), g, kind, from, to)
		return o, err
	}}
	return f, err
}

func roomBookPage(v *visit) error {
	f, err := roomOffer(v)
	if err != nil {
		return err
	}
	return f.show(v, nil)
}

func roomBook(v *visit) error {
	f, err := roomOffer(v)
	if err != nil {
		return err
	}
	return f.take(v, func(at time.Time, g desk.Guest) error {
		return v.desk.BookFromRoom(v.Context(), v.guest(), v.PostFormValue("kind"), at, g)
	})
}
