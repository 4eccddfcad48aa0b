"""What the group does together: thought up and planned by participants."""
