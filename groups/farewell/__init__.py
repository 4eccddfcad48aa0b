"""The card 'You got this': texts collected, checked, and given at the goodbye."""
