package store

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"dottedline"
)

// FactsOfDeal are the facts of one deal with its value as it was said.
type FactsOfDeal struct {
	dottedline.DealFacts
	ID     dottedline.DealID
	Amount dottedline.Money
}

// DealFacts are what the insights look at in the newest n deals.
func (t *Tx) DealFacts(n int) ([]FactsOfDeal, error) {
	fs, err := all(t, func(f *FactsOfDeal) []any {
		return []any{&f.ID, &f.Amount.Minor, &f.Amount.Currency, &f.Path, timeScan{&f.Met}, timeScan{&f.Yes}, timeScan{&f.Ended},
			timeScan{&f.Sent}, usScan{&f.FirstReply}, &f.Asks, &f.Gifts}
	}, `SELECT id, value, currency, path, met_at, yes_at, ended_at,
		CASE WHEN yes_at > 0 THEN COALESCE((SELECT MIN(k.at) FROM touches k WHERE k.ws = $1 AND k.deal = d.id AND k.kind = 'sent' AND k.at >= d.yes_at), 0) ELSE 0 END,
		COALESCE((SELECT MIN(r.at) - MIN(r.asked) FROM replies r WHERE r.ws = $1 AND r.deal = d.id AND r.by = 'us'), 0),
		(SELECT COUNT(*) FROM asks a WHERE a.ws = $1 AND a.deal = d.id AND a.made_at > 0),
		(SELECT COUNT(*) FROM given g WHERE g.ws = $1 AND g.deal = d.id AND g.at > 0) + (SELECT COUNT(*) FROM introductions i WHERE i.ws = $1 AND i.deal = d.id AND i.state = 'joined')
		FROM deals d WHERE ws = $1 AND merged = 0 ORDER BY id DESC LIMIT $2`, n)
	for i := range fs {
		fs[i].Made = fs[i].ID.Time()
	}
	return fs, err
}

// usScan scans a length of time in microseconds.
type usScan struct{ *time.Duration }

func (s usScan) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("scan microseconds: %T", v)
	}
	*s.Duration = time.Duration(n) * time.Microsecond
	return nil
}

// StayOfDeal is a stay of a deal's clock, with the value of the deal as it was said.
type StayOfDeal struct {
	dottedline.ValuedStay
	Amount dottedline.Money
}

// StaysSince are the stays that had not ended at a time, n at most.
func (t *Tx) StaysSince(from time.Time, n int) ([]StayOfDeal, error) {
	return all(t, func(x *StayOfDeal) []any {
		return append(scanStay(&x.Stay), &x.Amount.Minor, &x.Amount.Currency, boolScan{&x.GoesOn})
	}, `SELECT state, start_at, from_ms, to_ms, event, value, currency,
		CASE WHEN event = 0 AND ended_at = 0 AND NOT EXISTS (SELECT 1 FROM stays y WHERE y.ws = $1 AND y.deal = x.deal AND y.n > x.n) THEN 1 ELSE 0 END
		FROM stays x JOIN deals d ON d.ws = x.ws AND d.id = x.deal
		WHERE x.ws = $1 AND d.merged = 0 AND (d.ended_at = 0 AND x.event = 0 OR x.start_at + x.to_ms * 1000 > $2)
		ORDER BY x.deal DESC, x.n LIMIT $3`, us(from), n)
}

// OpenDeals are the newest n deals that have not ended, of those made before one; 0 is before none.
func (t *Tx) OpenDeals(before dottedline.DealID, n int) ([]dottedline.Deal, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	// The plus keeps SQLite from reading the index of open deals, which is in another order.
	return all(t, scanDeal, `SELECT `+dealCols+` FROM deals WHERE ws = $1 AND id < $2 AND +merged = 0 AND ended_at = 0 ORDER BY id DESC LIMIT $3`, before, n)
}

// SignedDeal is when a deal was made, when it was signed and what it was worth.
type SignedDeal struct {
	ID     dottedline.DealID
	Signed time.Time
	Amount dottedline.Money
}

// SignedSince are the deals that were signed after a time.
func (t *Tx) SignedSince(from time.Time) ([]SignedDeal, error) {
	return all(t, func(x *SignedDeal) []any {
		return []any{&x.ID, timeScan{&x.Signed}, &x.Amount.Minor, &x.Amount.Currency}
	}, `SELECT id, ended_at, value, currency FROM deals WHERE ws = $1 AND merged = 0 AND path = 'signed' AND ended_at > $2 ORDER BY ended_at`, us(from))
}

// Forecasts are the last n forecasts that were kept, newest first.
func (t *Tx) Forecasts(n int) ([]dottedline.Forecast, error) {
	raws, err := vals[string](t, `SELECT body FROM forecasts WHERE ws = $1 ORDER BY made DESC LIMIT $2`, n)
	if err != nil {
		return nil, err
	}
	out := make([]dottedline.Forecast, len(raws))
	for i, raw := range raws {
		if err := json.Unmarshal([]byte(raw), &out[i]); err != nil {
			return nil, fmt.Errorf("forecast: %w", err)
		}
	}
	return out, nil
}

// Forecasted is when the last forecast was kept; zero before the first.
func (t *Tx) Forecasted() (at time.Time, err error) {
	_, _, err = one(t, func(*struct{}) []any { return []any{timeScan{&at}} }, `SELECT made FROM forecasts WHERE ws = $1 ORDER BY made DESC LIMIT 1`)
	return at, err
}

// AddForecast keeps a forecast as it was made.
func (t *Tx) AddForecast(f dottedline.Forecast) error {
	b, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("forecast: %w", err)
	}
	t.Changed()
	return t.do(`INSERT INTO forecasts (ws, made, body) VALUES ($1, $2, $3) ON CONFLICT (ws, made) DO NOTHING`, us(f.Made), string(b))
}
