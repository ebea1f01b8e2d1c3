package verify

import (
	"context"
	"slices"
	"sync/atomic"

	"keystead/shared/api"
)

// Door is where a key was presented.
type Door int

// The doors.
const (
	AtVerify Door = iota
	AtIntrospection
	AtForwardAuth
	AtAPI // our own: a program asks with its key
	AtRevocation
)

var doors = [...]string{AtVerify: "verify", AtIntrospection: "introspection", AtForwardAuth: "forward_auth", AtAPI: "api", AtRevocation: "revocation"}

func (d Door) String() string { return doors[d] }

// notJudged is counted where there was no verdict: the database did not answer.
const notJudged api.VerdictCode = "ERROR"

var codes = [...]api.VerdictCode{
	api.Valid, api.Malformed, api.NotFound, api.Disabled, api.Expired, api.OwnerDisabled, api.OwnerNotMember,
	api.Forbidden, api.WrongOrganization, notJudged,
}

// counts are how often each door found each code.
type counts [len(doors)][len(codes)]atomic.Uint64

func (c *counts) add(at Door, code api.VerdictCode) {
	if i := slices.Index(codes[:], code); i >= 0 {
		c[at][i].Add(1)
	}
}

// Count is how often a door found a code.
type Count struct {
	Door  Door
	Code  api.VerdictCode
	Times uint64
}

// Counts are the verdicts since the start, zeros too.
func (v *Verify) Counts() []Count {
	list := make([]Count, 0, len(doors)*len(codes))
	for door := range doors {
		for i, code := range codes {
			list = append(list, Count{Door(door), code, v.counts[door][i].Load()})
		}
	}
	return list
}

// checkAt is [Verify.Check], counted. What is counted is what was found, whatever the
// door then tells of it.
func (v *Verify) checkAt(ctx context.Context, at Door, presented string, want Target) (Verdict, error) {
	verdict, err := v.Check(ctx, presented, want)
	v.count(at, verdict, err)
	return verdict, err
}

func (v *Verify) count(at Door, verdict Verdict, err error) {
	if err != nil {
		v.counts.add(at, notJudged)
		return
	}
	v.counts.add(at, verdict.Code)
}
