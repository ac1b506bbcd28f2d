package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/mail"
)

// Incoming is one mail as a server or a file holds it.
type Incoming struct {
	Raw   []byte
	Place store.Place // zero when it comes from a file
	At    time.Time   // when the server got it; zero if unknown
}

// Received counts what ReceiveMail did with a batch.
type Received struct{ New, Known int }

// Plus adds two counts.
func (r Received) Plus(o Received) Received { return Received{r.New + o.New, r.Known + o.Known} }

// Arrivals are mails that were read and wait for their transaction.
type Arrivals []arrived

// ReadMail is the part of receiving that needs no database: for who reads the
// next mails while the last are written.
func (d *Desk) ReadMail(in []Incoming) Arrivals {
	out := make(Arrivals, len(in))
	for i, m := range in {
		out[i] = read(m, d.Now())
	}
	return out
}

// ReceiveMail takes mails in, in one transaction with what `also` writes (where
// reading goes on). Mails that are here already change nothing. It is the whole
// way of a mail: parse, tell who wrote it, find its thread and its people, keep
// it, make it a touch, and derive the deals that it touched.
func (d *Desk) ReceiveMail(ctx context.Context, ws dottedline.WorkspaceID, in []Incoming, also func(*store.Tx) error) (Received, error) {
	return d.receive(ctx, ws, slices.Values([]Arrivals{d.ReadMail(in)}), also)
}

// ReceiveRead is ReceiveMail for batches of mails that were read. All of them
// share a transaction where no other process waits for it: the pages that many
// mails change are written once.
func (d *Desk) ReceiveRead(ctx context.Context, ws dottedline.WorkspaceID, batches iter.Seq[Arrivals]) (got Received, err error) {
	if !d.db.Shared() {
		return d.receive(ctx, ws, batches, nil)
	}
	for b := range batches {
		r, err := d.receive(ctx, ws, slices.Values([]Arrivals{b}), nil)
		if err != nil {
			return got, err
		}
		got = got.Plus(r)
	}
	return got, nil
}

func (d *Desk) receive(ctx context.Context, ws dottedline.WorkspaceID, batches iter.Seq[Arrivals], also func(*store.Tx) error) (got Received, err error) {
	defer wrap("receive mail", &err)
	err = d.db.Write(ctx, ws, func(t *store.Tx) error {
		got = Received{}
		b, err := newBatch(t)
		if err != nil {
			return err
		}
		b.desk = d
		for ms := range batches {
			for _, m := range ms {
				isNew, err := b.receive(m)
				if err != nil {
					return fmt.Errorf("%s: %w", m.messageID, err)
				}
				if isNew {
					got.New++
				} else {
					got.Known++
				}
			}
		}
		if err := b.refold(); err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(b.joined)) {
			if err := pickUp(t, id); err != nil {
				return err
			}
		}
		if err := b.tell(); err != nil {
			return err
		}
		if also != nil {
			return also(t)
		}
		return nil
	})
	if got.New > 0 {
		d.wakeUp()
	}
	return got, err
}

// arrived is a mail with all that its bytes alone say.
type arrived struct {
	Incoming
	*mail.Message
	verdict   mail.Verdict
	digest    []byte
	messageID string // made of the bytes where the mail has none
	at        time.Time
	problems  []string
	fresh     mail.Parts // as far as the mail alone tells
	words     string     // what it is found by
	packed    []byte
	part      []byte // of a calendar program, with its method
	method    string
}

// read is the part of receiving that needs no database.
func read(in Incoming, now time.Time) arrived {
	a := parse(in, now)
	m := a.Message
	a.fresh = mail.Fresh(m, "")
	a.words = store.Words(m.Subject + " " + from(m).Name + " " + from(m).Addr + " " + cut(m.Text, 64<<10))
	a.packed = store.Pack(in.Raw)
	a.Raw, m.HTML, m.Attachments = nil, "", nil // many mails wait for their transaction
	return a
}

// parse is read without the mail's texts.
func parse(in Incoming, now time.Time) arrived {
	m, err := mail.Parse(in.Raw)
	a := arrived{Incoming: in, Message: m, verdict: mail.Classify(m), messageID: m.MessageID, problems: m.Problems}
	if err != nil {
		a.problems = append([]string{"This mail could not be read: " + err.Error()}, a.problems...)
	}
	if a.messageID == "" {
		sum := sha256.Sum256(in.Raw)
		a.messageID = fmt.Sprintf("%x@no-message-id", sum[:12])
		a.digest = sum[:16]
	} else { // copies of one mail differ in what servers add on the way
		key := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d", m.MessageID, from(m).Addr, m.Date.Unix()))
		a.digest = key[:16]
	}
	a.at = when(in, m, now)
	if a.verdict.Kind == mail.Calendar {
		if part, method, _ := m.Invitation(); len(part) <= maxInvitation {
			a.part, a.method = part, method
		}
	}
	return a
}

// when is the sender's date, unless it can't be right: then the server's.
func when(in Incoming, m *mail.Message, now time.Time) time.Time {
	at, server := m.Date, in.At
	if server.IsZero() {
		server = m.Received
	}
	doubt := at.IsZero() || m.DateDoubt != "" || !server.IsZero() && at.After(server.Add(5*time.Minute)) || at.After(now.Add(5*time.Minute)) || at.Year() < 1980
	if doubt && !server.IsZero() {
		at = server
	}
	if at.IsZero() || at.Year() < 1980 || at.After(now) {
		at = now
	}
	return at.UTC().Truncate(time.Microsecond)
}

func from(m *mail.Message) mail.Address {
	if len(m.From) > 0 {
		return m.From[0]
	}
	if len(m.Sender) > 0 {
		return m.Sender[0]
	}
	return mail.Address{}
}

// batch is the work of one transaction of ReceiveMail.
type batch struct {
	*store.Tx
	desk     *Desk // nil where no mail is received
	settings store.Settings
	own      map[dottedline.Address]store.Own
	domains  map[string]bool // of colleagues
	touched  map[dottedline.DealID]bool
	joined   map[dottedline.DealID]bool           // deals that got somebody new
	known    map[mail.Address]dottedline.PersonID // seen before in this batch
	part     map[inThread]bool                    // the same
	news     []dottedline.MailID                  // of theirs, that came to a mailbox just now

	introducing bool // there may be introductions
}

// inThread is a person's part in a thread.
type inThread struct {
	person dottedline.PersonID
	thread dottedline.ThreadID
}

func newBatch(t *store.Tx) (*batch, error) {
	_, s, err := t.ThisWorkspace()
	if err != nil {
		return nil, err
	}
	b := &batch{Tx: t, settings: s, own: map[dottedline.Address]store.Own{}, domains: map[string]bool{}, touched: map[dottedline.DealID]bool{}, joined: map[dottedline.DealID]bool{}, known: map[mail.Address]dottedline.PersonID{}, part: map[inThread]bool{}}
	if b.introducing, err = t.Introducing(); err != nil {
		return nil, err
	}
	owns, err := t.Owns()
	for _, o := range owns {
		b.own[o.Address] = o
		if dom := o.Address.Domain(); !dottedline.FreeMail(dom) {
			b.domains[dom] = true
		}
	}
	return b, err
}

// ours says whether an address is one of ours or of a colleague.
func (b *batch) ours(a dottedline.Address) bool {
	_, own := b.own[a]
	return own || b.domains[a.Domain()]
}

func (b *batch) oursText(a string) bool { return b.ours(dottedline.MakeAddress(a)) }

// receive takes one mail in; false when it was here before.
func (b *batch) receive(a arrived) (bool, error) {
	id, known, err := b.MailByDigest(a.digest)
	if err != nil {
		return false, err
	}
	if !known {
		id = store.NewID[dottedline.Mail](b.Tx)
	}
	if a.Place.Mailbox != 0 && a.Place.UID != 0 {
		if err := b.PutPlace(a.Place, id); err != nil {
			return false, err
		}
	}
	out := b.ours(dottedline.MakeAddress(from(a.Message).Addr))
	var sent store.Outgoing
	if out {
		if sent, err = b.sent(a); err != nil {
			return false, err
		}
	}
	if known {
		return false, nil
	}
	people, err := b.people(a, out)
	if err != nil {
		return false, err
	}
	h, err := b.thread(a, people)
	if err != nil {
		return false, err
	}
	parent, err := b.parent(a)
	if err != nil {
		return false, err
	}
	m := store.Mail{
		Mail: dottedline.Mail{ID: id, Thread: h.ID, MessageID: a.messageID, At: a.at, Out: out, Kind: string(a.verdict.Kind),
			Subject: clean(a.Subject), Fresh: clean(freshText(a, parent))},
		Digest: a.digest, Mailbox: a.Place.Mailbox, Why: a.verdict.Why, Problems: a.problems,
	}
	if len(people) > 0 {
		m.Person = people[0]
	}
	if err := b.AddMail(m, a.packed); err != nil {
		return false, err
	}
	b.Index(store.FindMail, int64(id), a.words)
	b.count(&h, m, people)
	if err := b.invitation(&h, a, m); err != nil {
		return false, err
	}
	if b.introducing {
		if err := b.introduction(&h, a, m); err != nil {
			return false, err
		}
	}
	if err := b.deal(&h, a, m, people, sent); err != nil {
		return false, err
	}
	if a.Place.Mailbox != 0 && !out && m.Kind == string(mail.Person) && b.Now.Sub(m.At) <= tellFor {
		b.news = append(b.news, id)
		if h.Deal != 0 && m.Person != 0 {
			if err := b.awayNote(m, a); err != nil {
				return false, err
			}
		}
	}
	return true, b.PutThread(h)
}

// clean is text that both engines keep: valid UTF-8 without NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
}

func cut(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// maxPeople bounds how many people one mail makes known.
const maxPeople = 20

// people are those outside who take part in a mail, the other side first: who
// wrote it, or to whom we did. A machine's mail makes nobody known.
func (b *batch) people(a arrived, out bool) (ids []dottedline.PersonID, err error) {
	if a.verdict.Machine() {
		p, ok, err := b.PersonAt(dottedline.MakeAddress(from(a.Message).Addr))
		if err != nil || !ok {
			return nil, err
		}
		return []dottedline.PersonID{p.ID}, nil
	}
	as := slices.Concat(a.To, a.Cc)
	if out {
		as = slices.Concat(as, a.Bcc)
	} else {
		as = slices.Concat([]mail.Address{from(a.Message)}, as)
	}
	for _, x := range as {
		addr := dottedline.MakeAddress(clean(x.Addr))
		if addr.Domain() == "" || b.ours(addr) || len(ids) >= maxPeople {
			continue
		}
		as := mail.Address{Name: clean(x.Name), Addr: string(addr)}
		id, ok := b.known[as]
		if !ok {
			p, err := personAt(b.Tx, addr, as.Name)
			if err != nil {
				return nil, err
			}
			id = p.ID
			b.known[as] = id
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// personAt finds or makes the person with an address, and learns the name.
func personAt(t *store.Tx, addr dottedline.Address, name string) (dottedline.Person, error) {
	p, ok, err := t.PersonAt(addr)
	if err != nil {
		return p, err
	}
	if strings.EqualFold(name, string(addr)) {
		name = ""
	}
	better := dottedline.BetterName(p.Name, name)
	if ok && !better && name == p.Name {
		return p, nil
	}
	if !ok {
		p = dottedline.Person{ID: store.NewID[dottedline.Person](t), Address: addr, Name: string(addr)}
		if dom := addr.Domain(); !dottedline.FreeMail(dom) {
			c, err := t.CompanyAt(dom)
			if err != nil {
				return p, err
			}
			p.Company = c.ID
			t.Index(store.FindCompany, int64(c.ID), store.Words(c.Name+" "+c.Domain))
		}
	}
	if better {
		p.Name = name
	}
	if !ok || better {
		if err := t.PutPerson(p); err != nil {
			return p, err
		}
		t.Index(store.FindPerson, int64(p.ID), store.Words(p.Name+" "+string(p.Address)))
	}
	return p, t.PutAddress(addr, p.ID, name)
}

// recent is how old a thread may be that a mail without headers joins by its subject.
const recent = 90 * 24 * time.Hour

// thread finds a mail's thread by its headers, and where these are missing by
// subject and people; two threads that it shows to be one are joined. receive
// puts it, changed by the mail.
func (b *batch) thread(a arrived, people []dottedline.PersonID) (store.Thread, error) {
	mids := slices.Concat([]string{a.messageID}, a.InReplyTo, a.References)
	slices.Sort(mids)
	mids = slices.Compact(mids)
	ids, unseen, err := b.ThreadsNaming(mids)
	if err != nil {
		return store.Thread{}, err
	}
	topic := topicOf(a.Message, people)
	if len(ids) == 0 && len(a.InReplyTo)+len(a.References) == 0 && len(people) > 0 && mail.IsReplySubject(a.Subject) {
		id, ok, err := b.ThreadOn(topic, a.at.Add(-recent))
		if err != nil {
			return store.Thread{}, err
		}
		if ok {
			ids = append(ids, id)
		}
	}
	h := store.Thread{Thread: dottedline.Thread{Subject: clean(a.Subject)}, Topic: topic}
	if len(ids) == 0 {
		h.ID = store.NewID[dottedline.Thread](b.Tx)
	} else if h, err = b.join(ids); err != nil {
		return h, err
	}
	for _, p := range people {
		k := inThread{p, h.ID}
		if b.part[k] {
			continue
		}
		if err := b.AddMailPerson(p, h.ID); err != nil {
			return h, err
		}
		b.part[k] = true
	}
	return h, b.NameThread(h.ID, unseen)
}

// join makes one thread of several, the one with a deal, else the oldest, first.
func (b *batch) join(ids []dottedline.ThreadID) (store.Thread, error) {
	hs := make([]store.Thread, len(ids))
	for i, id := range ids {
		h, err := b.Thread(id)
		if err != nil {
			return h, err
		}
		hs[i] = h
	}
	slices.SortStableFunc(hs, func(x, y store.Thread) int {
		return cmp.Or(-cmp.Compare(min(x.Deal, 1), min(y.Deal, 1)), cmp.Compare(x.ID, y.ID))
	})
	h := hs[0]
	for _, o := range hs[1:] {
		if o.Deal != 0 && o.Deal != h.Deal { // two deals stay two: a person merges them
			continue
		}
		if err := b.JoinThreads(h.ID, o.ID); err != nil {
			return h, err
		}
		h.Ours, h.Theirs = h.Ours+o.Ours, h.Theirs+o.Theirs
		h.Person, h.Offered = cmp.Or(h.Person, o.Person), cmp.Or(h.Offered, o.Offered)
		if o.Last.After(h.Last) {
			h.Last = o.Last
		}
		if h.Deal != 0 {
			if err := b.takeMails(h); err != nil {
				return h, err
			}
		}
	}
	return h, nil
}

// takeMails makes touches of all mails of a thread that has a deal.
func (b *batch) takeMails(h store.Thread) error {
	ms, err := b.MailsOf(h.ID)
	if err != nil {
		return err
	}
	for _, m := range ms {
		if err := b.AddTouch(mailTouch(h.Deal, m)); err != nil {
			return err
		}
	}
	b.touched[h.Deal] = true
	return nil
}

// parent is what the mail answers, as far as we hold it, for telling quotes
// apart where the mail itself marks none.
func (b *batch) parent(a arrived) (string, error) {
	if a.fresh.Quoted != "" {
		return "", nil
	}
	for _, mid := range a.InReplyTo {
		if fresh, ok, err := b.FreshByMessageID(mid); err != nil || ok {
			return fresh, err
		}
	}
	return "", nil
}

// count keeps what the offers of deals rest on.
func (b *batch) count(h *store.Thread, m store.Mail, people []dottedline.PersonID) {
	switch {
	case m.Kind != string(mail.Person) || len(people) == 0:
	case m.Out:
		h.Ours++
	default:
		h.Theirs++
	}
	if h.Person == 0 {
		h.Person = m.Person
	}
	if m.At.After(h.Last) {
		h.Last = m.At
	}
}

// deal makes the mail a touch of the deal it belongs to: its thread's, else the
// one open deal of the person, else a new one where it came to an address that
// makes deals by itself.
func (b *batch) deal(h *store.Thread, a arrived, m store.Mail, people []dottedline.PersonID, sent store.Outgoing) error {
	if h.Deal == 0 && len(people) > 0 && m.Kind == string(mail.Person) && h.Offered != "no" {
		id, err := b.openDeal(people[0])
		if err != nil {
			return err
		}
		if sent.Deal != 0 { // it was sent from that deal
			id = sent.Deal
		}
		if kind := b.alias(a); id == 0 && kind != "" && !m.Out {
			name, err := dealName(b.Tx, people[0])
			if err != nil {
				return err
			}
			if id, err = newDeal(b.Tx, 0, kind, dottedline.Money{}, name, nil, nil); err != nil {
				return err
			}
		}
		if id != 0 {
			h.Deal, h.Offered = id, "yes"
			if err := b.takeMails(*h); err != nil {
				return err
			}
		}
	}
	if h.Deal == 0 {
		return nil
	}
	if m.Kind == string(mail.Person) {
		for _, p := range people {
			fresh, err := b.AddDealPerson(h.Deal, p)
			if err != nil {
				return err
			}
			if fresh {
				b.joined[h.Deal] = true
			}
		}
	}
	b.touched[h.Deal] = true
	if err := b.AddTouch(mailTouch(h.Deal, m)); err != nil {
		return err
	}
	return b.asks(h.Deal, m)
}

// openDeal is the one deal of a person that has not ended; 0 if none or several.
func (b *batch) openDeal(p dottedline.PersonID) (dottedline.DealID, error) {
	ids, err := b.DealsOf(p)
	if err != nil {
		return 0, err
	}
	var found dottedline.DealID
	for _, id := range ids {
		r, err := b.Deal(id)
		if err != nil {
			return 0, err
		}
		if r.Path.Ended() {
			continue
		}
		if found != 0 && found != r.ID {
			return 0, nil
		}
		found = r.ID
	}
	return found, nil
}

// alias is the kind of deal that the address written to makes by itself, or the
// folder that the mail lies in.
func (b *batch) alias(a arrived) dottedline.Kind {
	for _, x := range slices.Concat(a.To, a.Cc) {
		if o := b.own[dottedline.MakeAddress(x.Addr)]; o.Kind != "" {
			return o.Kind
		}
	}
	return b.own[folderAddress(a.Place.Mailbox, a.Place.Folder)].Kind
}

// folderAddress is how a folder that makes deals stands among our addresses.
func folderAddress(m dottedline.MailboxID, folder string) dottedline.Address {
	return dottedline.Address("folder " + m.String() + " " + folder)
}

// mailTouch is the touch that a mail is. They have one ID, so that a mail is
// never two touches.
func mailTouch(deal dottedline.DealID, m store.Mail) dottedline.Touch {
	x := dottedline.Touch{ID: dottedline.TouchID(m.ID), Deal: deal, At: m.At, Kind: dottedline.MailTouch, By: dottedline.Them, Person: m.Person, Mail: m.ID}
	if m.Out {
		x.By = dottedline.Us
	}
	if m.Kind != string(mail.Person) {
		x.Kind = dottedline.MachineTouch
	}
	return x
}

// refold derives all deals that the batch has touched.
func (b *batch) refold() error {
	for _, id := range slices.Sorted(maps.Keys(b.touched)) {
		if err := refold(b.Tx, b.settings, id); err != nil {
			return err
		}
	}
	return nil
}

// tell tells of what is new of theirs, once the deals are derived.
func (b *batch) tell() error {
	for _, id := range b.news {
		m, err := b.Mail(id)
		if err != nil {
			return err
		}
		if err := tellMail(b.Tx, m); err != nil {
			return err
		}
		if err := b.times(m); err != nil {
			return err
		}
	}
	return nil
}

// sent is the mail of ours that was sent from here, if it was. That it is seen
// settles whether it went out.
func (b *batch) sent(a arrived) (store.Outgoing, error) {
	o, ok, err := b.OutgoingByMessageID(a.messageID)
	if err != nil || !ok || o.State != dottedline.Unknown && o.State != dottedline.Sending {
		return o, err
	}
	if err := b.SetOutgoing(o.ID, dottedline.Sent, o.Due, ""); err != nil {
		return o, err
	}
	return o, delivered(b.Tx, o.ID)
}
