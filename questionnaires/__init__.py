"""The questionnaire: its words, when a wave opens, and the answers."""
