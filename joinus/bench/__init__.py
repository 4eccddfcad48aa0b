"""`make bench`: what a request, a sweep and a mail cost among so many people."""
