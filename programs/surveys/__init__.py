"""Sets of questions: sign-up forms now, surveys on the same ground. Kinds of questions, versions, answers."""
