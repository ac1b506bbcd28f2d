package store

import (
	"slices"

	"dottedline"
)

const personCols = `id, company, name, address`

func scanPerson(p *dottedline.Person) []any { return []any{&p.ID, &p.Company, &p.Name, &p.Address} }

// Person is one person.
func (t *Tx) Person(id dottedline.PersonID) (dottedline.Person, error) {
	p, ok, err := one(t, scanPerson, `SELECT `+personCols+` FROM people WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("person")
	}
	return p, err
}

// Contact is a person and the company that they are of, the zero one for none.
type Contact struct {
	dottedline.Person
	Company dottedline.Company
}

// Contacts are many people at once; who is not there is left out.
func (t *Tx) Contacts(ids []dottedline.PersonID) (map[dottedline.PersonID]Contact, error) {
	places, args := in(ids, 2)
	cs, err := all(t, func(c *Contact) []any {
		return append(scanPerson(&c.Person), &c.Company.ID, &c.Company.Name, &c.Company.Domain)
	}, `SELECT p.id, p.company, p.name, p.address, COALESCE(c.id, 0), COALESCE(c.name, ''), COALESCE(c.domain, '')
		FROM people p LEFT JOIN companies c ON c.ws = $1 AND c.id = p.company WHERE p.ws = $1 AND p.id IN (`+places+`)`, args...)
	out := make(map[dottedline.PersonID]Contact, len(cs))
	for _, c := range cs {
		out[c.ID] = c
	}
	return out, err
}

// PersonAt finds whose address it is.
func (t *Tx) PersonAt(a dottedline.Address) (dottedline.Person, bool, error) {
	// a join would be prepared anew each time: SQLite looks at values bound to
	// terms that no index takes
	return one(t, scanPerson, `SELECT `+personCols+` FROM people WHERE ws = $1 AND id = (SELECT person FROM addresses WHERE ws = $1 AND address = $2)`, a)
}

// PutPerson adds or changes a person.
func (t *Tx) PutPerson(p dottedline.Person) error {
	return t.do(`INSERT INTO people (ws, id, company, name, address) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ws, id) DO UPDATE SET company = excluded.company, name = excluded.name, address = excluded.address`,
		p.ID, p.Company, p.Name, p.Address)
}

// AddressName is an address of a person with all the names it was seen under.
type AddressName struct {
	Address dottedline.Address
	Names   []string
}

// AddressesOf are all addresses of a person.
func (t *Tx) AddressesOf(p dottedline.PersonID) ([]AddressName, error) {
	return all(t, func(a *AddressName) []any { return []any{&a.Address, jsonScan{&a.Names}} },
		`SELECT address, names FROM addresses WHERE ws = $1 AND person = $2 ORDER BY address`, p)
}

// PutAddress says whose an address is, and a name it was seen under.
func (t *Tx) PutAddress(a dottedline.Address, p dottedline.PersonID, name string) error {
	old, _, err := one(t, func(n *[]string) []any { return []any{jsonScan{n}} }, `SELECT names FROM addresses WHERE ws = $1 AND address = $2`, a)
	if err != nil {
		return err
	}
	if name != "" && !slices.Contains(old, name) && len(old) < 20 {
		old = append(old, name)
	}
	if old == nil {
		old = []string{}
	}
	names, err := jsonText(old)
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO addresses (ws, address, person, names) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ws, address) DO UPDATE SET person = excluded.person, names = excluded.names`, a, p, names)
}

// Company is one company; the zero Company for 0.
func (t *Tx) Company(id dottedline.CompanyID) (dottedline.Company, error) {
	if id == 0 {
		return dottedline.Company{}, nil
	}
	c, _, err := one(t, scanCompany, `SELECT id, name, domain FROM companies WHERE ws = $1 AND id = $2`, id)
	return c, err
}

func scanCompany(c *dottedline.Company) []any { return []any{&c.ID, &c.Name, &c.Domain} }

// CompanyAt finds or makes the company of a mail domain.
func (t *Tx) CompanyAt(domain string) (dottedline.Company, error) {
	c, ok, err := one(t, scanCompany, `SELECT id, name, domain FROM companies WHERE ws = $1 AND domain = $2`, domain)
	if err != nil || ok {
		return c, err
	}
	c = dottedline.Company{ID: NewID[dottedline.Company](t), Name: dottedline.CompanyName(domain), Domain: domain}
	return c, t.do(`INSERT INTO companies (ws, id, name, domain) VALUES ($1, $2, $3, $4)`, c.ID, c.Name, c.Domain)
}

// RenameCompany gives a company the name that people know.
func (t *Tx) RenameCompany(id dottedline.CompanyID, name string) error {
	t.Changed()
	return t.do(`UPDATE companies SET name = $3 WHERE ws = $1 AND id = $2`, id, name)
}

// PeopleOf are the people of a company.
func (t *Tx) PeopleOf(c dottedline.CompanyID) ([]dottedline.Person, error) {
	return all(t, scanPerson, `SELECT `+personCols+` FROM people WHERE ws = $1 AND company = $2 ORDER BY id LIMIT 500`, c)
}
