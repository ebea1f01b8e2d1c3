package house

import (
	"context"
	"fmt"
	"time"

	"keystead/server/audit"
	"keystead/server/db"
)

// skewed is from where on a clock that was set back is worth a word: corrections of a
// second come by themselves.
const skewed = 5 * time.Second

// keepTime keeps the latest time, for the start after this run.
func (h *House) keepTime(ctx context.Context) error {
	h.lookAtClock()
	return h.DB.KeepTime(ctx)
}

// lookAtClock says so in the log when the machine's clock was set back, and when it is
// right again.
func (h *House) lookAtClock() {
	ahead := h.DB.Ahead()
	switch is := ahead >= skewed; {
	case is && !h.ahead:
		h.Log.Error("the clock of this machine is behind the latest time that was known here, which goes on to count: nothing that expired may be good again; "+
			"if the clock is right now and was wrong before, let keystead clock follow say so", "behind", ahead.Round(time.Second).String())
	case !is && h.ahead:
		h.Log.Info("the clock of this machine is not behind any more")
	}
	h.ahead = ahead >= skewed
}

// followClock goes back to the machine's clock, since an operator says that it is right.
func (h *House) followClock(ctx context.Context) (string, error) {
	ahead := h.DB.Ahead().Round(time.Second)
	if ahead < time.Second {
		return "The clock is that of the machine already.", nil
	}
	err := h.DB.Write(ctx, func(tx *db.Tx) error {
		tx.FollowClock()
		return h.Audit.Write(tx, audit.Console(), audit.ClockFollow, audit.Target{Kind: "clock"}, audit.Facts{"seconds_back": int64(ahead.Seconds())})
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("The clock follows the machine’s, %s back; what expired in between may be good again.", ahead), h.DB.KeepTime(ctx)
}
