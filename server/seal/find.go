package seal

import "sync"

// Find looks for a value under every pepper that rows may still carry, the newest
// first; look says whether a digest was found. Rows move from older peppers to the
// newest one meanwhile, so what was found under none is looked for under the newest
// again, and under all if there is another newest by then.
//
// A value that was found under an older pepper is known now: its row can move, see
// [Sealer.Moves].
func (s *Sealer) Find(value string, look func(Digest) (found bool, err error)) error {
	for {
		now := s.keys.Load()
		newest := now.peppers[0].digest(value)
		for i, p := range now.peppers {
			digest := newest
			if i > 0 {
				digest = p.digest(value)
			}
			found, err := look(digest)
			if err != nil {
				return err
			}
			if found {
				if i > 0 {
					s.moves.add(Move{digest, newest})
				}
				return nil
			}
		}
		if len(now.peppers) > 1 {
			if found, err := look(newest); found || err != nil {
				return err
			}
		}
		if s.keys.Load().peppers[0].id == now.peppers[0].id {
			return nil
		}
	}
}

// Move is a digest under an older pepper, and what the same value has under the newest.
type Move struct{ From, To Digest }

// maxMoves bounds the moves kept in memory; beyond it a row waits for its value's next
// use.
const maxMoves = 10_000

// moves are those that nobody has written yet.
type moves struct {
	mu      sync.Mutex
	pending map[string]Move // by the sum they come from
}

func (m *moves) add(move Move) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pending == nil {
		m.pending = map[string]Move{}
	}
	if len(m.pending) < maxMoves {
		m.pending[string(move.From.Sum)] = move
	}
}

// Moves takes the moves that came up since it was last asked. Whoever can't write them
// lets them go: they come up again.
func (s *Sealer) Moves() []Move {
	s.moves.mu.Lock()
	defer s.moves.mu.Unlock()
	list := make([]Move, 0, len(s.moves.pending))
	for _, move := range s.moves.pending {
		list = append(list, move)
	}
	clear(s.moves.pending)
	return list
}
